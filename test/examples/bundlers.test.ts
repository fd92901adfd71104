/** A release inside of a bundle: built by real bundlers, taken to an empty folder, run on a real database. */
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { copyExample, type Env, type Example, runNode } from "./example.ts";

const slow = 300_000;

let example: Example;
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(async () => {
  example.remove();
  await database.drop();
});

const status = (second: string) => `
Repo: main

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20260105090000  create_notes
  up        20260106090000  ${second}
`;

/** Builds, checks that the manifest in the repository is fresh, and gives where the bundle is now. */
async function build(name: string, manifest: string, built: string): Promise<string> {
  example = copyExample(name);
  const check = await example.slipway(["gen", "manifest", "--out", manifest, "--check"]);
  expect(check).toEqual({ code: 0, stdout: `${manifest} is fresh\n`, stderr: "" });
  const ended = await example.script("build");
  expect(ended).toMatchObject({ code: 0 });
  // What a user sees of a build: nothing of ours is complained about.
  expect(ended.stdout + ended.stderr).not.toMatch(/\bwarning in\b|\[warn|▲|critical dependency/i);
  return example.takeAway(built);
}

describe("a release inside of a bundle", () => {
  it.each([
    ["esbuild", "db/manifest.ts", "recent_notes"],
    ["vite", "db/manifest.ts", "pin_notes"],
    ["rollup", "db/manifest.mjs", "pin_notes"],
    ["webpack", "db/manifest.ts", "index_notes_by_title"],
  ])(
    "%s: minified, without sources or packages beside it, it migrates and says so",
    async (name, manifest, second) => {
      const folder = await build(name, manifest, "dist");
      const env: Env = { DATABASE_URL: database.url };
      const first = await runNode(folder, ["app.mjs"], env);
      expect(first).toMatchObject({ code: 0, stdout: status(second) });
      expect(first.stderr).toContain("== Migrated 20260106090000");
      expect(first.stderr).not.toContain("warning");
      const again = await runNode(folder, ["app.mjs"], env);
      expect(again).toEqual({
        code: 0,
        stdout: status(second),
        stderr: "repo main: Migrations already up\n",
      });

      // The same migrations, read from the folders this time: neither their text nor their meaning differs.
      const other = copyExample(name);
      try {
        const file = join(folder, "notes.db");
        if (existsSync(file)) cpSync(file, join(other.folder, "notes.db"));
        const verified = await other.slipway(["verify"], env);
        expect(verified).toEqual({ code: 0, stdout: "main: same\n", stderr: "" });
      } finally {
        other.remove();
      }
    },
    slow,
  );

  it(
    "a function is called with events: status, one step, all, data, rollback, and an unknown one",
    async () => {
      const folder = await build("lambda", "db/manifest.ts", "dist");
      writeFileSync(join(folder, "call.mjs"), call);
      const invoke = async (event: unknown, leftMs = 900_000) => {
        const args = ["call.mjs", JSON.stringify(event), String(leftMs)];
        const { code, stdout, stderr } = await runNode(folder, args, {
          DATABASE_URL: database.url,
        });
        expect([code, /^ +at |nothing looked at/m.test(stderr)]).toEqual([0, false]);
        return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
      };
      const versions = (answer: readonly { migrations: readonly { version: string }[] }[]) =>
        answer.map(({ migrations }) => migrations.map(({ version }) => version));
      expect(versions(await invoke({ command: "migrate", step: 1 }))).toEqual([["20260105090000"]]);
      expect(versions(await invoke({ command: "migrate" }))).toEqual([["20260106090000"]]);
      const times = "inserted_at, updated_at) values ('A New Note', now(), now()";
      await query(`insert into notes (title, ${times})`);
      expect(versions(await invoke({ command: "migrate-data" }))).toEqual([["20260107090000"]]);
      expect(await query("select slug from notes")).toEqual([{ slug: "a-new-note" }]);
      await invoke({ command: "rollback", repo: "main", version: "20260106090000" });
      expect(await invoke({ command: "status" })).toMatchObject([
        {
          repo: "main",
          migrations: [{ status: "up" }, { status: "down", version: "20260106090000" }],
        },
      ]);
      expect(await invoke({ command: "dance" })).toEqual({
        errorType: "Error",
        errorMessage: 'unknown command in {"command":"dance"}',
      });
      expect(await invoke({ command: "migrate" }, 10_000)).toEqual({
        errorType: "ReleaseError",
        errorMessage: "stopped by the end of the function's time",
      });
    },
    slow,
  );
});

const query = (sql: string) => ask(database.url, sql);

/** What the runtime does: imports the handler, calls it, writes what it gives as JSON. */
const call = `import { handler } from "./handler.mjs";
const [event, left] = process.argv.slice(2).map((text) => JSON.parse(text));
const answer = await handler(event, { getRemainingTimeInMillis: () => left }).catch((error) => ({
  errorType: error.name,
  errorMessage: error.message,
}));
console.log(JSON.stringify(answer));
`;
