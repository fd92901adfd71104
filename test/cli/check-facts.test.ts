/** `facts > production.json`, and `check --facts production.json` where no database is. */
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commitAll, git } from "../support/git.ts";
import { makePgliteFolder } from "../support/pglite.ts";
import { makeProject, type Project, pgliteRelease } from "./project.ts";

const users = `-- migrate:up
CREATE TABLE users (id bigserial PRIMARY KEY, name text);
CREATE TABLE tags (id int, name text);
INSERT INTO users (name) SELECT 'name ' || n FROM generate_series(1, 12000) n;
-- migrate:down
`;

let project: Project;

beforeAll(async () => {
  project = makeProject({
    "package.json": '{ "type": "module" }',
    ".gitignore": "node_modules\n.data\n",
    "release.ts": pgliteRelease,
    "db/main/migrations/1_users.sql": users,
    "db/main/migrations/2_analyze.sql":
      "-- slipway: transaction=false\n-- migrate:up\nANALYZE users;\n-- migrate:down\n",
  });
  makePgliteFolder(join(project.folder, ".data"));
  expect((await project.run(["migrate"])).code).toBe(0);
  const { code, stdout } = await project.run(["facts"]);
  expect(code).toBe(0);
  project.write("production.json", stdout);
  // From here on the database is not there.
  project.write("release.ts", pgliteRelease.replace(".data", "/nowhere/at/all"));
  const driver = "node_modules/@electric-sql";
  symlinkSync(join(import.meta.dirname, "../..", driver), join(project.folder, driver));
  commitAll(project.folder);
  git(project.folder, "checkout", "--quiet", "-b", "branch");
  project.write("db/main/migrations/3_users.sql", "CREATE INDEX users_name ON users (name);\n");
  project.write("db/main/migrations/4_tags.sql", "CREATE INDEX tags_name ON tags (name);\n");
  project.write("db/main/migrations/5_drop.sql", "ALTER TABLE tags DROP COLUMN id;\n");
}, 120_000);

afterAll(() => project.remove());

it("judges what has not run there, by real sizes, and asks no database", async () => {
  for (const more of [[], ["--base", "main"]]) {
    const ran = await project.run(["check", ...more, "--facts", "production.json", "--json"]);
    const { findings, judged, notes } = JSON.parse(ran.stdout);
    expect(ran.code).toBe(4);
    expect(findings).toMatchObject([
      { rule: "index-not-concurrent", tables: ["users"], severity: "medium", rows: 12_000 },
      { rule: "drop-column", tables: ["tags"], severity: "high" },
    ]);
    expect(judged).toMatchObject([{ migrations: 3, earlier: 2 }]);
    expect(notes).toEqual([
      {
        code: "few_rows",
        file: "db/main/migrations/4_tags.sql",
        message: "line 1: index-not-concurrent stops nobody, because tags has few rows",
      },
    ]);
  }
  const { stdout } = await project.run(["check", "--facts", "production.json"]);
  expect(stdout).toContain("  size:   about 12,000 rows (severity medium)\n");
  expect(stdout).toContain(
    "repo main: judged 3 pending migrations as one run against the schema of 2 earlier ones\n",
  );
}, 60_000);

it("foretells how long each heavy statement takes, safe or not, and what it needs", async () => {
  const facts = JSON.parse(readFileSync(join(project.folder, "production.json"), "utf8"));
  const { main } = facts.repos;
  const grown = main.tables.map((table: { name: string }) =>
    table.name === "users"
      ? { ...table, rows: 38_000_000, bytes: 12 * 1024 ** 3, indexBytes: 38_000_000 * 20 }
      : table,
  );
  const large = { ...facts, repos: { main: { ...main, tables: grown } } };
  project.write("large.json", JSON.stringify(large));
  const concurrent = "CREATE INDEX CONCURRENTLY users_id ON users (id);\n";
  project.write("db/main/migrations/6_safe.sql", concurrent);
  try {
    const run = (...more: readonly string[]) =>
      project.run(["check", "--facts", "large.json", ...more]);
    const { stdout } = await run();
    expect(stdout).toContain(
      "  takes:  up to 3 minutes (as servers in general) on about 38 million rows, writers wait; needs 725 MB of disk\n",
    );
    expect(stdout).toContain(
      "forecast: db/main/migrations/6_safe.sql:1 CREATE INDEX CONCURRENTLY users_id ON users (id): 1 to 5 minutes (as servers in general) on about 38 million rows, nobody waits; needs 725 MB of disk\n",
    );
    expect(stdout).not.toContain("tags_name: ");
    const { forecasts, findings } = JSON.parse((await run("--json")).stdout);
    expect(forecasts).toHaveLength(2);
    expect(forecasts[1]).toMatchObject({
      does: "index",
      table: "users",
      waits: "nobody",
      measured: 0,
    });
    expect(findings[0]).toMatchObject({ severity: "high", forecast: { rows: 38_000_000 } });
    expect((await run("--format", "github")).stdout).toContain(
      "::notice file=db/main/migrations/6_safe.sql,line=1,title=slipway check::1 to 5 minutes",
    );
    const built = await project.run(["release", "--facts", "large.json", "--overwrite"]);
    expect([built.code, built.stdout], built.stderr).toEqual([
      0,
      expect.stringContaining(
        "forecast: db/main/migrations/6_safe.sql:1 CREATE INDEX CONCURRENTLY users_id ON users (id): 1 to 5 minutes (as servers in general) on about 38 million rows, nobody waits; needs 725 MB of disk\n",
      ),
    ]);
    // What this server has done before says it better than servers in general.
    large.repos.main.measured = [
      { does: "index", rows: 10_000_000, bytes: 2 ** 30, durationMs: 100_000 },
    ];
    project.write("large.json", JSON.stringify(large));
    expect((await run()).stdout).toContain(
      "  takes:  3 to 13 minutes on about 38 million rows, writers wait",
    );
  } finally {
    rmSync(join(project.folder, "db/main/migrations/6_safe.sql"));
  }
}, 60_000);

it("knows what production publishes, and an answer for that is idle nowhere", async () => {
  const facts = JSON.parse(readFileSync(join(project.folder, "production.json"), "utf8"));
  facts.repos.main.publications = [
    {
      name: "feed",
      allTables: false,
      publishes: ["insert", "update"],
      tables: [{ table: "users" }, { table: "tags", columns: ["id"] }],
    },
  ];
  project.write("published.json", JSON.stringify(facts));
  const file = "db/main/migrations/6_add.sql";
  const add = "ALTER TABLE users ADD COLUMN age int;\nALTER TABLE tags ADD COLUMN age int;\n";
  project.write(file, add);
  try {
    const rules = async (...more: readonly string[]) => {
      const { stdout } = await project.run(["check", "6", "--json", ...more]);
      const { findings } = JSON.parse(stdout) as { findings: { rule: string; line: number }[] };
      return findings.map(({ rule, line }) => `${rule}:${line}`).filter((one) => !/lock/.test(one));
    };
    expect(await rules()).toEqual([]);
    expect(await rules("--facts", "published.json")).toEqual(["published-add-column:1"]);
    // What is built says it by itself, and without the file only where the database publishes the table.
    for (const [more, said] of [
      [
        ["--facts", "published.json"],
        ["published-add-column", "multi-table-lock"],
      ],
      [[], ["multi-table-lock"]],
    ] as const) {
      const built = await project.run(["release", "--untried", "--overwrite", ...more]);
      expect([built.code, built.stderr]).toEqual([0, ""]);
      const place = join(project.folder, "_release/my_app/releases/0.0.0/manifest.json");
      const [main] = JSON.parse(readFileSync(place, "utf8")).repos;
      const { verdict } = main.migrations.at(-1);
      expect(verdict.findings.map(({ rule }: { readonly rule: string }) => rule)).toEqual(said);
      expect(verdict.ifPublished).toMatchObject([
        { tables: ["users"], column: "age" },
        { tables: ["tags"], column: "age" },
      ]);
    }
    project.write(file, `-- slipway: safe published-add-column "every subscriber has it"\n${add}`);
    expect(await rules("--facts", "published.json")).toEqual([]);
    expect(await rules()).toEqual([]);
  } finally {
    rmSync(join(project.folder, file));
  }
}, 60_000);

it("refuses a file that is not there, damaged, of another version, app, repo or database, or too old, in one line", async () => {
  const text = readFileSync(join(project.folder, "production.json"), "utf8");
  const facts = JSON.parse(text);
  const line = async (content: unknown, file = "other.json") => {
    if (content !== undefined)
      writeFileSync(
        join(project.folder, "other.json"),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    const { code, stderr } = await project.run(["check", "--facts", file]);
    expect([code, stderr.split("\n")[1]]).toEqual([
      2,
      "hint: Write it where the release reaches its databases: slipway facts > production.json",
    ]);
    return stderr.split("\n")[0]?.replace("error: cannot judge by other.json: ", "");
  };
  expect(await line(undefined, "none.json")).toBe(
    "error: cannot judge by none.json: there is no such file that can be read",
  );
  const not = "it is not what slipway facts prints";
  expect(await line(text.slice(0, 200))).toBe(not);
  expect(await line("[]")).toBe(not);
  expect(await line({ error: "x" })).toBe(not);
  expect(await line({ ...facts, slipwayFacts: 2 })).toBe(
    "its version is 2, and this Slipway reads version 1",
  );
  expect(await line({ ...facts, app: "shop" })).toBe("it is of the app shop, and this is my_app");
  const { main } = facts.repos;
  expect(await line({ ...facts, repos: { other: main } })).toBe(
    "it says nothing of repo main, only of other",
  );
  expect(
    await line({ ...facts, repos: { main: { ...main, rules: "mysql", database: "MySQL" } } }),
  ).toBe("repo main is on MySQL there, and here on postgres");
  const broken = { ...main, tables: [{ name: "users", rows: "many" }] };
  expect(await line({ ...facts, repos: { main: broken } })).toBe(
    "repos.main.tables is missing or of another kind",
  );
  const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
  expect(await line({ ...facts, takenAt: days(120) })).toBe("it is 120 days old, and tables grow");
  writeFileSync(
    join(project.folder, "other.json"),
    JSON.stringify({ ...facts, takenAt: days(20) }),
  );
  const aged = await project.run(["check", "--facts", "other.json"]);
  expect([aged.code, aged.stdout]).toEqual([
    4,
    expect.stringContaining("note: the facts are 20 days old\n"),
  ]);
  const both = await project.run(["check", "--facts", "other.json", "--trace"]);
  expect(both.stderr).toContain("--facts and --trace exclude each other");
}, 120_000);

it("finds a table along the path that a migration sets, and no further than the path is set", async () => {
  const tenants = makeProject({
    "package.json": '{ "type": "module" }',
    "release.ts": pgliteRelease.replace(".data", "/nowhere/at/all"),
    "db/main/migrations/1_a.sql": "CREATE TABLE a (id int, n int);\n",
    "db/main/migrations/2_tenant.sql":
      "SET search_path = tenant;\nCREATE INDEX one ON a (n);\nRESET search_path;\nCREATE INDEX two ON public.a (n);\n",
  });
  try {
    const facts = JSON.parse(readFileSync(join(project.folder, "production.json"), "utf8"));
    const table = { kind: "table", indexBytes: 8_192 };
    facts.repos.main.applied = ["1"];
    facts.repos.main.tables = [
      { ...table, name: "a", rows: 10, bytes: 8_192 },
      { ...table, name: "tenant.a", rows: 300_000_000, bytes: 2 ** 35 },
    ];
    tenants.write("production.json", JSON.stringify(facts));
    const ran = await tenants.run(["check", "--facts", "production.json", "--json"]);
    const { findings, notes } = JSON.parse(ran.stdout);
    expect(ran.code).toBe(4);
    const builds = findings.filter(({ rule }: { rule: string }) => rule === "index-not-concurrent");
    expect(builds).toMatchObject([{ tables: ["tenant.a"], line: 2, rows: 300_000_000 }]);
    expect(notes).toMatchObject([{ code: "few_rows", message: expect.stringMatching(/^line 4:/) }]);
  } finally {
    tenants.remove();
  }
}, 60_000);

it('replaces with `safe: "auto"` what is on a table that the facts say to be a plain one', async () => {
  const facts = JSON.parse(readFileSync(join(project.folder, "production.json"), "utf8"));
  const { main } = facts.repos;
  const large = { rows: 38_000_000, bytes: 12 * 1024 ** 3, indexBytes: 0 };
  const tables = [
    ...main.tables,
    { name: "audits", kind: "table", ...large },
    { name: "parts", kind: "partitioned" },
    { name: "parts_1", kind: "table", partitionOf: "parts", ...large },
  ];
  const other = makeProject({
    "release.ts": `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({
  app: ${JSON.stringify(facts.app)},
  repos: { main: { adapter: postgres({ url: "postgres://nobody@localhost:1/none" }), safe: "auto" } },
});
`,
    "production.json": JSON.stringify({ ...facts, repos: { main: { ...main, tables } } }),
    "beside.sql": `CREATE TABLE public.audits (at date);
CREATE TABLE parts (at date) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts DEFAULT;
`,
    "db/main/migrations/7_audits.sql": "CREATE INDEX audits_at ON audits (at);\n",
    "db/main/migrations/8_parts.sql": "CREATE INDEX parts_at ON parts (at);\n",
  });
  try {
    const run = async (...more: readonly string[]) =>
      JSON.parse((await other.run(["check", "7", "8", "--json", ...more])).stdout);
    const found = async (...more: readonly string[]) =>
      (await run(...more)).findings.map(({ file }: { readonly file: string }) => file);
    const [seven, eight] = ["db/main/migrations/7_audits.sql", "db/main/migrations/8_parts.sql"];
    expect(await found()).toEqual([seven, eight]);
    expect((await run()).notes).toMatchObject([
      { code: "auto_unknown", file: seven, message: expect.stringContaining("--facts") },
      { code: "auto_unknown", file: eight },
    ]);
    expect(await found("--facts", "production.json")).toEqual([eight]);
    expect(await found("--shadow-sql", "beside.sql")).toEqual([eight]);
    expect((await run("--shadow-sql", "beside.sql")).notes).toEqual([]);
  } finally {
    other.remove();
  }
}, 60_000);
