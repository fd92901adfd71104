/** The kill sweep on MariaDB: SIGKILL at the boundaries of its protocol's packets, then once more without. */
import { afterAll, beforeAll, describe } from "vitest";
import { startMariadb } from "../support/mariadb.ts";
import { type Bundle, bundleChild } from "./sweep/bundle.ts";
import { claimWholeAfterKill } from "./sweep/claim.ts";
import { mysqlGround } from "./sweep/place.ts";

const server = await startMariadb();

describe.skipIf(server === undefined)("MariaDB", () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleChild("child.ts");
  });
  afterAll(async () => {
    bundle.remove();
    await server?.stop();
  });

  claimWholeAfterKill({
    kind: "mysql",
    title: "MariaDB",
    ground: () => mysqlGround(server?.url ?? "", bundle),
    every: 61,
  });
});
