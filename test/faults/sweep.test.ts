/** The kill sweep: SIGKILL at the boundaries of PostgreSQL's protocol messages, then once more without. */
import { afterAll, beforeAll, inject } from "vitest";
import { type Bundle, bundleChild } from "./sweep/bundle.ts";
import { claimWholeAfterKill } from "./sweep/claim.ts";
import { postgresGround } from "./sweep/place.ts";

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleChild("child.ts");
});
afterAll(() => bundle.remove());

claimWholeAfterKill({
  kind: "postgres",
  title: "PostgreSQL",
  ground: () => postgresGround(inject("postgresUrl"), bundle),
  every: 47,
});
