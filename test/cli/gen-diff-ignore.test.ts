/** `gen migration --diff` leaves alone what the repo ignores, and proves that it stays. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

/** Of the schema below, an ORM has no word for the index, and another program keeps the tables of the audit. */
const release = `import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";
export const Release = defineRelease({ app: "blog", repos: { main: {
  adapter: pglite({ dataDir: "data" }),
  ignore: ["index public.users_email", "public.audit_*"],
} } });
`;
const first = `create table users (id bigint primary key, email text, name text, at timestamp);
create unique index users_email on users (email) include (name);
create table audit_2026 (id bigint primary key);
create index audit_2026_id on audit_2026 (id);
`;

function projectWith(wished: string): Project {
  return makeProject({
    "release.ts": release,
    "db/main/migrations/V20200101000000__first.sql": first,
    "schema.sql": wished,
  });
}

it("neither drops nor makes it", async () => {
  project =
    projectWith(`create table users (id bigint primary key, email text, name text, at timestamp, age int);
create table audit_2027 (id bigint primary key);
`);
  const made = await project.run(["gen", "migration", "age", "--diff", "--to", "schema.sql"]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const [, file = ""] = /creating (\S+)/.exec(made.stdout) ?? [];
  const written = readFileSync(`${project.folder}/${file}`, "utf8");
  expect(written).toContain('t.add("age", "integer")');
  expect(written).not.toMatch(/audit|users_email/);
});

it("says that nothing differs when only that does", async () => {
  project = projectWith(
    "create table users (id bigint primary key, email text, name text, at timestamp);",
  );
  const made = await project.run([
    "gen",
    "migration",
    "same",
    "--diff",
    "--to",
    "schema.sql",
    "--check",
  ]);
  expect([made.code, made.stderr, made.stdout]).toEqual([
    0,
    "",
    "main: the migrations make the schema of schema.sql\n",
  ]);
});

it("writes nothing when a change would take it along", async () => {
  project = projectWith("create table users (id bigint primary key, name text, at timestamp);");
  const made = await project.run(["gen", "migration", "less", "--diff", "--to", "schema.sql"]);
  expect(made.code).toBe(1);
  expect(made.stderr).toContain(
    "error: repo main: nothing was written, because the migration would change objects that `ignore` leaves alone: - index public.users_email",
  );
  expect(readdirSync(`${project.folder}/db/main/migrations`)).toEqual([
    "V20200101000000__first.sql",
  ]);
});
