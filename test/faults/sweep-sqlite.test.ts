/** The kill sweep on SQLite: SIGKILL before a statement, also within the rebuild of a table, then once more without. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Bundle, bundleChild } from "./sweep/bundle.ts";
import { claimWholeAfterKill } from "./sweep/claim.ts";
import { sqliteGround } from "./sweep/place.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-sweep-"));
let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleChild("child.ts");
});
afterAll(() => {
  bundle.remove();
  rmSync(folder, { recursive: true, force: true });
});

claimWholeAfterKill({
  kind: "sqlite",
  title: "SQLite",
  ground: () => sqliteGround(folder, bundle),
  every: 11,
});
