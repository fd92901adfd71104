/** `gen migration --diff` on PGlite: partitions, and what their server does not change. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project, pgliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const folder = "db/main/migrations";
const toFile = ["gen", "migration", "wished", "--diff", "--to", "schema.sql"];

function begin(first: string, wished: string): void {
  project = makeProject({
    "release.ts": pgliteRelease,
    [`${folder}/V20200101000000__first.sql`]: first,
    "schema.sql": wished,
  });
}

it("a new partition fits its parent while old code runs, and follows it afterwards", async () => {
  begin(
    "create table logs (at int, gone int default 3, body text) partition by range (at);",
    `create table logs (at int not null, body text, extra text not null) partition by range (at);
create table logs_one partition of logs for values from (0) to (10);
create table logs_deep partition of logs for values from (10) to (20) partition by list (body);
create table logs_deep_all partition of logs_deep default;`,
  );
  // The command tries the files before it writes them, there and back.
  await expect(project.run(toFile)).resolves.toMatchObject({ code: 0, stderr: "" });
  const [main, after] = ["wished.ts", "wished_after.ts"].map((ending) => {
    const name = readdirSync(join(project.folder, folder)).find((one) => one.endsWith(ending));
    return readFileSync(join(project.folder, folder, name!), "utf8");
  });
  expect(main).toMatch(/CREATE TABLE "public"\."logs_one" \(\s+"at" integer,/);
  expect(main).toContain('"gone" integer');
  expect(after).toContain('m.setNotNullSafely("logs", "at")');
  await expect(project.run([...toFile, "--check"])).resolves.toMatchObject({ code: 0 });
});

it.each([
  [
    "a new type of a partition key",
    "create table logs (at int) partition by range (at);",
    "create table logs (at bigint) partition by range (at);",
    "table public.logs: it is partitioned by at, whose type the server does not change",
  ],
  [
    "another key of partitions",
    "create table logs (at int, b int) partition by range (at);",
    "create table logs (at int, b int) partition by range (b);",
    "table public.logs: it would be partitioned by RANGE (b), and its rows would be lost",
  ],
  [
    "a table of a type that changes",
    "create type pair as (a int, b text); create table pairs of pair;",
    "create type pair as (a text, b text); create table pairs of pair;",
    "table public.pairs: it is a table of the type public.pair, which would change",
  ],
  [
    "a range that changes",
    "create type span as range (subtype = int);",
    "create type span as range (subtype = numeric);",
    "type public.span: a range type does not change: make one by another name",
  ],
])("refuses %s by name, and writes nothing", async (_, first, wished, line) => {
  begin(first, wished);
  const ran = await project.run(toFile);
  expect(ran.stderr).toContain(`nothing was written: ${line}\n`);
  expect(ran.code).toBe(4);
  expect(readdirSync(join(project.folder, folder))).toHaveLength(1);
});
