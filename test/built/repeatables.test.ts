/** A built release begins with a baseline, runs again what means something else than in the release before, and brings the earlier text back. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { makeProject } from "../cli/project.ts";
import { ran } from "./support.ts";

const project = makeProject({
  "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: sqlite({ path: process.env.DATABASE ?? "" }), migrations: "m" } } });
`,
  "m/V1__t.sql": "create table t (a int);\n",
  "m/V2__b.sql": "alter table t add column b int;\ninsert into t values (1, 2);\n",
  "m/B2__all.sql": "create table t (a int, b int);\ninsert into t values (1, 2);\n",
  "m/R__a.sql":
    "-- slipway: depends=R__b\ndrop view if exists va;\ncreate view va as select * from vb;\n",
});
afterAll(() => project.remove());
const database = join(project.folder, "blog.db");

function write(columns: string): void {
  const text = `drop view if exists vb;\ncreate view vb as select ${columns} from t;\n`;
  project.write("m/R__b.sql", text);
}

async function build(name: string): Promise<(...args: readonly string[]) => Promise<string>> {
  const out = join(project.folder, name);
  rmSync(out, { recursive: true, force: true });
  const built = await project.run(["release", "--out", out]);
  expect(built.stderr + built.stdout).not.toContain("error");
  return async (...args) => {
    const { code, stdout, stderr } = await ran(join(out, "bin/blog"), args, {
      env: { ...process.env, DATABASE: database } as { [name: string]: string },
    });
    expect(code, stderr).toBe(0);
    return stdout + stderr;
  };
}

function shown(): unknown {
  const open = new DatabaseSync(database);
  const [row] = open.prepare("select * from va").all();
  open.close();
  return { ...row };
}

function expectMigrated(text: string, ids: readonly string[]): void {
  const migrated = [...text.matchAll(/^== Migrated (\S+)/gm)].map(([, id]) => id);
  expect(migrated, text).toEqual(ids);
}

it("does so from one release to the next", { timeout: 120_000 }, async () => {
  // A second try begins with an empty database too.
  rmSync(database, { force: true });
  write("a");
  const first = await build("first");
  expectMigrated(await first("migrate"), ["B2__all", "R__b", "R__a"]);
  expectMigrated(await first("migrate"), []);
  write("b");
  const second = await build("second");
  expect(await second("status")).toMatch(/down {6}R {15}b\n/);
  expectMigrated(await second("migrate"), ["R__b"]);
  expect(shown()).toEqual({ b: 2 });
  await second("rollback", "main", "R__b");
  expect(shown()).toEqual({ a: 1 });
  expect(await first("verify")).toContain("same");
});
