import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, describe, expect, inject, it } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

/** Databases of the server of the run: a command on PGlite takes eight times as long. */
const databases: { [name: string]: FreshDatabase } = {};
for (const name of ["whole", "part", "new", "checked", "fresh"])
  databases[name] = await freshDatabase();
afterAll(async () => {
  for (const database of Object.values(databases)) await database.drop();
});

const kinds = {
  sqlite: (file: string) => `sqlite({ path: "${file}.db" })`,
  pglite: (file: string) => `pglite({ dataDir: "${file}" })`,
  postgres: (name: string) => `postgres({ url: "${databases[name]?.url}" })`,
};
type Kind = keyof typeof kinds;

const releaseOn = (kind: Kind, file: string) => `import { defineRelease } from "slipway";
import { ${kind} } from "slipway/${kind}";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: ${kinds[kind](file)} } } });
`;
const migrations = {
  "db/main/migrations/1_a.sql": "create table a (id integer primary key, t text);\n",
  "db/main/migrations/2_b.sql":
    "alter table a add column u text;\ncreate index a_u on a (u);\ninsert into a (id, t) values (1, 'x');\n",
  "db/main/migrations/3_c.sql":
    "create table c (id integer primary key, a integer references a (id));\n",
};
const onServer = ["--shadow", inject("postgresUrl")];
const baseline = "db/main/migrations/B2__baseline.sql";

async function up(): Promise<string> {
  const { code, stderr } = await project.run(["migrate"]);
  expect(code, stderr).toBe(0);
  const { stdout } = await project.run(["status"]);
  return stdout;
}

async function schema(): Promise<string> {
  const { stdout, code, stderr } = await project.run(["dump", "--out", "-"]);
  expect(code, stderr).toBe(0);
  return stdout.replace(/^INSERT INTO[^;]*;$/m, "");
}

describe.each(["sqlite", "postgres"] as const)("on %s", (kind) => {
  it("writes what new databases run, and leaves alone those that have it, or a part of it", async () => {
    const shadow = kind === "sqlite" ? [] : onServer;
    project = makeProject({ "release.ts": releaseOn(kind, "whole"), ...migrations });
    await up();
    const expected = await schema();
    project.write("release.ts", releaseOn(kind, "part"));
    expect((await project.run(["migrate", "--to", "1"])).code).toBe(0);

    const made = await project.run(["squash", "--to", "2", ...shadow]);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toContain(`* creating ${baseline}\nA new database runs it instead of 2 `);
    const table = kind === "sqlite" ? "a" : "public.a";
    expect(made.stderr).toBe(
      `warning: repo main: migrations up to 2 leave rows in ${table}, which ${baseline} does not make\n`,
    );

    // One that has a part runs the rest, and one that has all is not asked again.
    expect(await up()).not.toContain("baseline");
    expect(await schema()).toBe(expected);
    project.write("release.ts", releaseOn(kind, "whole"));
    expect((await project.run(["migrate"])).stdout).toBe("");
    project.write("release.ts", releaseOn(kind, "new"));
    expect(await up()).toMatch(/up +2 +baseline\n +up +3 +c\n$/);
    expect(await schema()).toBe(expected);
  });
});

it("a baseline has the rights that the migrations give, and the roles that they make", async () => {
  project = makeProject({
    "release.ts": releaseOn("pglite", "whole"),
    "db/main/migrations/1_a.sql": `create role app login; create role reader; grant reader to app;
create table a (id integer); alter table a enable row level security; create policy p on a to app using (true);
grant select on a to reader; grant insert (id) on a to app;
alter default privileges in schema public grant select on tables to reader;
create function f() returns integer language sql as 'select 1'; revoke all on function f from public;
`,
    "db/main/migrations/2_b.sql": "create table b (id integer);\n",
  });
  makePgliteFolder(join(project.folder, "whole"));
  const made = await project.run(["squash", "--to", "1"]);
  expect(made.code, made.stderr).toBe(0);
  const file = "db/main/migrations/B1__baseline.sql";
  expect(made.stderr).toBe(
    ["app", "reader"]
      .map(
        (role) =>
          `warning: repo main: ${file} makes role ${role} where it is missing, without a password\n`,
      )
      .join(""),
  );
  const text = readFileSync(join(project.folder, file), "utf8");
  for (const line of [
    "CREATE ROLE app LOGIN;",
    "GRANT reader TO app;",
    "REVOKE EXECUTE ON ROUTINE public.f() FROM PUBLIC;",
    "GRANT INSERT (id) ON TABLE public.a TO app;",
    "GRANT SELECT ON TABLE public.a TO reader;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;",
  ])
    expect(text).toContain(line);
  expect(await up()).toMatch(/up +1 +baseline\n +up +2 +b\n$/);
});

it("refuses a baseline after which the schema is another, and leaves no file", async () => {
  project = makeProject({
    "release.ts": releaseOn("postgres", "checked"),
    "db/main/migrations/1_a.sql": "create table a (id integer);\ncreate type unfinished;\n",
    "db/main/migrations/2_b.sql": "create table b (id integer);\n",
  });
  const { code, stderr } = await project.run(["squash", "--to", "1", ...onServer]);
  expect(code).toBe(4);
  expect(stderr).toContain("make another schema than all migrations: - type public.unfinished\n");
  expect(project.has("db/main/migrations/B1__baseline.sql")).toBe(false);
});

it("says what is wrong with what it is asked", async () => {
  project = makeProject({ "release.ts": releaseOn("sqlite", "data"), ...migrations });
  expect((await project.run(["squash", "nope"])).stderr).toContain(
    "the release has no repo nope\n",
  );
  const unsaid = await project.run(["squash"]);
  expect([unsaid.code, unsaid.stderr]).toEqual([
    2,
    "error: squash --to of main needs a version\nhint: Look it up with status.\n",
  ]);
  const unknown = await project.run(["squash", "--to", "9"]);
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    "error: repo main has no migration 9\nhint: Look the version up with status.\n",
  ]);
  project.write(baseline, "create table mine (id integer);\n");
  const taken = await project.run(["squash", "--to", "2"]);
  expect([taken.code, taken.stderr]).toEqual([
    2,
    expect.stringContaining("B2__baseline.sql is there already"),
  ]);
  const second = await project.run(["squash", "--to", "2", "--name", "other"]);
  expect([second.code, second.stderr]).toEqual([
    2,
    expect.stringContaining("B2__baseline.sql is there already"),
  ]);
  expect(project.has("db/main/migrations/B2__other.sql")).toBe(false);
  expect(readFileSync(join(project.folder, baseline), "utf8")).toBe(
    "create table mine (id integer);\n",
  );
});

it("a database that has a part, where the rest has no file any more, is told what to do", async () => {
  project = makeProject({ "release.ts": releaseOn("sqlite", "part"), ...migrations });
  expect((await project.run(["migrate", "--to", "1"])).code).toBe(0);
  expect((await project.run(["squash", "--to", "2"])).code).toBe(0);
  const later = await project.run(["squash", "--to", "3"]);
  expect(later.stdout).toContain("instead of 3 migrations");
  // The shadow has run the first baseline by now, which does not make them.
  expect(later.stderr).toBe(
    "warning: repo main: migrations up to 3 leave rows in a, which db/main/migrations/B3__baseline.sql does not make\n",
  );
  rmSync(join(project.folder, "db/main/migrations/B3__baseline.sql"));
  for (const file of ["1_a", "2_b"]) rmSync(join(project.folder, `db/main/migrations/${file}.sql`));
  const { code, stderr } = await project.run(["migrate"]);
  expect(code).toBe(4);
  expect(stderr).toContain("has a part of what B2__baseline stands for, up to 1");
  const database = new DatabaseSync(join(project.folder, "part.db"));
  expect(database.prepare("select name from sqlite_schema where name = 'c'").all()).toEqual([]);
  database.close();
});

it("so is one between whose newest and the oldest file that is left others may be gone", async () => {
  project = makeProject({ "release.ts": releaseOn("sqlite", "part"), ...migrations });
  expect((await project.run(["migrate", "--to", "1"])).code).toBe(0);
  expect((await project.run(["squash", "--to", "3"])).code).toBe(0);
  rmSync(join(project.folder, "db/main/migrations/1_a.sql"));
  rmSync(join(project.folder, "db/main/migrations/2_b.sql"));
  const { code, stderr } = await project.run(["migrate"]);
  expect([code, stderr]).toEqual([4, expect.stringContaining("B3__baseline stands for, up to 1")]);
});

it("check takes a baseline to begin on nothing, and the others not to know of it", async () => {
  const two = "alter table a add column u text;\n";
  const changed = { ...migrations, "db/main/migrations/2_b.sql": two };
  project = makeProject({ "release.ts": releaseOn("postgres", "checked"), ...changed });
  await up();
  expect((await project.run(["squash", "--to", "2", ...onServer])).code).toBe(0);
  const all = await project.run(["check", "--all", ...onServer]);
  expect([all.code, all.stdout], all.stderr).toEqual([0, expect.stringContaining("judged 4 ")]);
  const named = await project.run(["check", "2", ...onServer]);
  expect([named.code, named.stdout]).toEqual([0, expect.stringContaining("No findings")]);
  // A database that has them never runs the baseline; one that has the baseline never runs them.
  const pending = await project.run(["check", ...onServer]);
  expect([pending.code, pending.stdout]).toEqual([
    0,
    expect.stringContaining("no migration is pending (3 have run)"),
  ]);
  project.write("release.ts", releaseOn("postgres", "fresh"));
  const fresh = await project.run(["check", ...onServer]);
  expect([fresh.code, fresh.stdout]).toEqual([0, expect.stringContaining("2 pending")]);
  expect((await project.run(["migrate", "--to", "2"])).code).toBe(0);
  project.write("db/main/migrations/4_d.sql", "create index a_t on a (t);\n");
  const newer = await project.run(["check", "--json", ...onServer]);
  expect(JSON.parse(newer.stdout).findings).toMatchObject([{ rule: "index-not-concurrent" }]);
  expect(newer.stdout).not.toContain("1_a");
  expect(JSON.parse(newer.stdout).judged).toMatchObject([{ migrations: 2, earlier: 1 }]);
  const traced = await project.run(["check", "--trace", "--all", ...onServer]);
  expect(traced.stdout).toContain(
    "\n  2 migrations are behind the baseline B2__baseline baseline, which ran in their place: not looked at\n",
  );
  // What makes a fault is found in a baseline too.
  project.write(
    baseline,
    `${readFileSync(join(project.folder, baseline), "utf8")}\ndrop table nobody;\n`,
  );
  expect((await project.run(["check", "--all", ...onServer])).stdout).toContain("B2__baseline.sql");
});
