/** The example of a monorepo: commands at its root, an app that imports the release, a release that is built. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyExample, type Example, runNode } from "./example.ts";

let example: Example;

beforeAll(() => {
  example = copyExample("monorepo");
  mkdirSync(join(example.folder, "node_modules/@acme"), { recursive: true });
  // As npm links the packages of a workspace.
  symlinkSync("../../packages/db", join(example.folder, "node_modules/@acme/db"));
});

afterAll(() => example.remove());

it("migrates from the root, keeps an app from starting before that, and builds", async () => {
  const env = { DATABASE_PATH: join(example.folder, "notes.db") };
  const app = () => runNode(example.folder, ["apps/api/server.ts"], env);
  expect((await app()).stderr).toContain("there are pending migrations: main (20260105090000)");
  const migrated = await example.slipway(["migrate"], env);
  expect(migrated).toMatchObject({ code: 0 });
  expect(migrated.stderr).toMatch(/^using packages\/db\/release\.ts\n== Running 20260105090000/);
  expect(await app()).toMatchObject({ code: 0, stdout: "ready\n" });
  expect(await example.script("build")).toMatchObject({ code: 0 });
  const away = example.takeAway("_release");
  const released = { ...env, DATABASE_PATH: join(away, "other.db") };
  const start = join(away, "lib/start.cjs");
  expect(await runNode(away, [start, "migrate"], released)).toMatchObject({ code: 0 });
  expect((await runNode(away, [start, "status"], released)).stdout).toContain(
    "up        20260105090000",
  );
});
