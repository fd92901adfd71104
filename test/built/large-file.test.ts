/** A release has an SQL file that is too large for a bundle beside it, and sends it while it is read. */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeProject } from "../cli/project.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { ran } from "./support.ts";

const project = makeProject({
  "release.ts": `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: postgres({ url: process.env.DATABASE_URL ?? "" }), migrations: "m" } } });
`,
  "m/1_import.sql": "create table notes (id int primary key, body text);\n",
  "m/2_more.up.sql": `-- ${"x".repeat(8_100_000)}\ninsert into notes values (5000, 'five');\n`,
  "m/2_more.down.sql": "begin;\ndelete from notes where id = 5000;\ncommit;\n",
});
let database: FreshDatabase;
beforeAll(() => {
  for (let i = 1; i <= 900; i++)
    appendFileSync(
      join(project.folder, "m/1_import.sql"),
      `insert into notes values (${i}, '${"y".repeat(10_000)}');\n`,
    );
});
afterAll(() => project.remove());
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const count = () => asked("select count(*)::int as n from notes");

async function asked(sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows[0]?.n;
}

describe.each([
  ["without the compiler", []],
  ["with the compiler", ["--keep-compiler"]],
] as const)("%s", (name, flags) => {
  const out = join(project.folder, name.replaceAll(" ", "-"));
  const run = async (...args: readonly string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url } as { [name: string]: string };
    const { code, stdout, stderr } = await ran(join(out, "bin/blog"), args, { env });
    expect(code, stderr).toBe(0);
    return stdout + stderr;
  };

  it("is applied, and undone by the file of its way back", { timeout: 120_000 }, async () => {
    const built = await project.run(["release", "--out", out, ...flags]);
    expect(built.stderr + built.stdout).not.toContain("error");
    expect(existsSync(join(out, "lib/sql/main/migrations/1_import.sql"))).toBe(true);
    expect(await run("migrate")).toContain("1_import.sql is safe: it is larger than 8 MB");
    expect(await count()).toBe(901);
    await run("rollback", "main", "2");
    expect(await count()).toBe(900);
  });

  it("is not applied where its text is another", { timeout: 120_000 }, async () => {
    appendFileSync(join(out, "lib/sql/main/migrations/1_import.sql"), "delete from notes;\n");
    const env = { ...process.env, DATABASE_URL: database.url } as { [name: string]: string };
    const { code, stderr } = await ran(join(out, "bin/blog"), ["migrate"], { env });
    expect(code).toBe(2);
    expect(stderr).toContain("m/1_import.sql: its text is not the one that was planned\n");
    expect(await asked("select to_regclass('notes') as n")).toBeNull();
  });
});

it("cannot be one executable file", async () => {
  const { stderr } = await project.run(["release", "--sea", "--out", join(project.folder, "sea")]);
  expect(stderr).toMatch(/this cannot be one executable file: m\/\S+ is larger than 8 MB/);
});
