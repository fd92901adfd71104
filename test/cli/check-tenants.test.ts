/** `check` of the migrations of tenants: with their number in mind, without a database too. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { commitAll, git } from "../support/git.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project } from "./project.ts";

let project: Project;
let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  project.remove();
  await database.drop();
});

const slipway = (...args: readonly string[]) =>
  project.run(args, { env: { DATABASE_URL: database.url } });

const releaseOf = (tenants: string) => `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({
  app: "app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }), tenants: ${tenants} } },
});
`;

const fromTable =
  '{ schemas: async (db) => (await db.query("SELECT name FROM tenants")).map(({ name }) => name) }';

const shared = {
  "release.ts": releaseOf(fromTable),
  "db/main/migrations/1_tenants.sql":
    "CREATE TABLE tenants (name text PRIMARY KEY);\nCREATE TABLE countries (id bigint PRIMARY KEY);\n",
  "db/main/tenant_migrations/1_posts.sql": "CREATE TABLE posts (id bigint PRIMARY KEY, n int);\n",
};
const index = { "db/main/tenant_migrations/2_index.sql": "CREATE INDEX posts_n ON posts (n);\n" };
const country = {
  "db/main/tenant_migrations/3_country.sql":
    "ALTER TABLE posts ADD COLUMN country bigint REFERENCES public.countries (id);\n",
};
const pieces = {
  "db/main/tenant_migrations/4_pieces.sql": "CREATE INDEX CONCURRENTLY posts_m ON posts (n);\n",
};
const drop = {
  "db/main/tenant_migrations/5_drop.sql": "ALTER TABLE posts DROP COLUMN n;\n",
};

async function found(...args: readonly string[]) {
  const { code, stdout, stderr } = await slipway("check", ...args, "--untried", "--json");
  if (!stdout.startsWith("{")) return { code, stderr };
  const { findings, answered, judged, notes } = JSON.parse(stdout);
  const short = ({ rule, file }: { rule: string; file: string }) =>
    `${rule} ${file.split("/").pop()}`;
  return {
    code,
    findings: findings.map(short),
    answered: answered.map(short),
    judged: judged.map(
      (one: { repo: string; tenants?: true; migrations: number }) =>
        `${one.repo}${one.tenants ? ", tenants" : ""}: ${one.migrations}`,
    ),
    notes: notes.map(({ code, file = "" }: { code: string; file?: string }) =>
      `${code} ${file.split("/").pop()}`.trim(),
    ),
  };
}

describe("a schema for each tenant", () => {
  it("tells what lasts in each, what all share and how long all take; what only runs whole is a finding", async () => {
    project = makeProject({ ...shared, ...index, ...country, ...pieces, ...drop });
    expect(await found("--all")).toEqual({
      code: 4,
      findings: ["drop-column 5_drop.sql", "tenant-in-pieces 4_pieces.sql"],
      answered: [],
      judged: ["main: 1", "main, tenants: 5"],
      notes: ["tenants_many", "tenants_each 2_index.sql", "tenants_share 3_country.sql"],
    });
    const { stdout } = await slipway("check", "--all", "--tenants", "10000");
    expect(stdout).toContain(
      "note: repo main, tenants: what takes 20 ms in one tenant takes 3 min in 10,000 tenants, on one connection\n",
    );
    expect(stdout).toContain("index-not-concurrent: writes to posts wait until the index");
    expect(stdout).toContain("; in each of 10,000, for as long as its own table has rows\n");
    expect(stdout).toContain(
      "3_country.sql line 1: every tenant's transaction takes SHARE ROW EXCLUSIVE on public.countries, which all share",
    );
    // Nothing is there yet, and a run would refuse the one in pieces: all are judged as one run, and that is said.
    expect(await found()).toMatchObject({ code: 4, findings: ["tenant-in-pieces 4_pieces.sql"] });
    expect((await slipway("check", "--tenants", "many")).stderr).toContain("--tenants");
  }, 60_000);

  it("judges what tenants lack, by the database, and takes answers as everywhere", async () => {
    project = makeProject({ ...shared, ...index });
    expect((await slipway("migrate")).code).toBe(0);
    expect(await found()).toMatchObject({ code: 0, judged: ["main: 0", "main, tenants: 2"] });
    const create = await slipway("tenant", "create", "main", "acme");
    expect(create.code, create.stderr).toBe(0);
    await ask(database.url, "INSERT INTO tenants VALUES ('acme')");
    for (const [file, text] of Object.entries(drop))
      project.write(file, `-- slipway: safe drop-column "nothing reads it"\n${text}`);
    expect(await found()).toEqual({
      code: 0,
      findings: [],
      answered: ["drop-column 5_drop.sql"],
      judged: ["main: 0", "main, tenants: 1"],
      notes: ["tenants_many"],
    });
    expect((await slipway("check", "--untried")).stdout).toContain(
      "repo main, tenants: there is one\n",
    );
  }, 60_000);

  it("judges what a branch brings, without a database", async () => {
    const { url } = database;
    database = { ...database, url: "postgres://nobody@127.0.0.1:1/none" };
    project = makeProject({ ...shared, ...index, ".gitignore": "node_modules\n" });
    commitAll(project.folder);
    git(project.folder, "checkout", "--quiet", "-b", "branch");
    expect(await found("--base", "main")).toMatchObject({
      code: 0,
      judged: ["main: 0", "main, tenants: 0"],
      notes: [],
    });
    for (const [file, text] of Object.entries({ ...country, ...drop })) project.write(file, text);
    expect(await found("--base", "main", "--tenants", "300")).toEqual({
      code: 4,
      findings: ["drop-column 5_drop.sql"],
      answered: [],
      judged: ["main: 0", "main, tenants: 2"],
      notes: ["tenants_many", "tenants_share 3_country.sql"],
    });
    for (const [file, text] of Object.entries(index)) project.write(file, `${text}SELECT 1;\n`);
    expect((await found("--base", "main")).findings).toContain("migration-edited 2_index.sql");
    database = { ...database, url };
  }, 60_000);

  it("counts a list in the release, and asks nobody where facts are given", async () => {
    project = makeProject({
      ...shared,
      ...index,
      "release.ts": releaseOf('["acme", "bolt", "core"]'),
    });
    const named = await slipway("check", "db/main/tenant_migrations/2_index.sql");
    expect(named.stdout).toContain("takes 60 ms in 3 tenants, on one connection");
    expect(named.stdout).toContain("repo main, tenants: judged 1 migration against the schema");
  }, 60_000);
});

it("a file for each tenant is judged as any repo, with the number told", async () => {
  project = makeProject({
    "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({
  app: "app",
  repos: { main: { adapter: sqlite({ path: "main.db" }), tenants: { files: ["a.db", "b.db"] } } },
});
`,
    "db/main/migrations/.keep": "",
    "db/main/tenant_migrations/1_posts.sql":
      "CREATE TABLE posts (id integer PRIMARY KEY, n int);\n",
    "db/main/tenant_migrations/2_wrong.sql": "ALTER TABLE posts ADD COLUMN n int;\n",
  });
  expect(await found("--all")).toMatchObject({
    code: 4,
    findings: ["will-fail 2_wrong.sql"],
    judged: ["main: 0", "main, tenants: 2"],
    notes: ["tenants_many"],
  });
}, 60_000);
