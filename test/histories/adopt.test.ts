/** The histories of other tools, as the tools write them, taken over on a real database. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { defineRelease, isReleaseError, type ReleaseError, type RepoConfig } from "slipway";
import { afterEach, describe, expect, it } from "vitest";
import { histories } from "../../src/histories/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

const sha = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");
const a = "CREATE TABLE a (id int);\n";
const b = "CREATE TABLE b (id int);\n";
const at = "2024-01-02 03:04:05";

type Case = {
  /** The files of two migrations; the first has run. */
  readonly files: { readonly [path: string]: string };
  readonly sql: readonly string[];
  /** The version that is recorded, and the one that is left. */
  readonly versions: readonly [string, string];
  /** Default: the tool keeps no time, so it is now. */
  readonly appliedAt?: string;
};

const pair = (ending: string) => ({
  [`20240101000000_a${ending}`]: a,
  [`20240102000000_b${ending}`]: b,
});
const stamps = ["20240101000000", "20240102000000"] as const;
const appliedAt = "2024-01-02T03:04:05.000Z";

const cases: { readonly [tool: string]: Case } = {
  knex: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE knex_migrations (id serial PRIMARY KEY, name varchar(255), batch int, migration_time timestamptz)",
      "CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked int)",
      "INSERT INTO knex_migrations_lock (is_locked) VALUES (0)",
      `INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20240101000000_a.sql', 1, '${at}+00')`,
    ],
    versions: stamps,
    appliedAt,
  },
  kysely: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE kysely_migration (name varchar(255) PRIMARY KEY, timestamp varchar(255) NOT NULL)",
      "CREATE TABLE kysely_migration_lock (id varchar(255) PRIMARY KEY, is_locked int NOT NULL)",
      `INSERT INTO kysely_migration VALUES ('20240101000000_a', '${appliedAt}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  drizzle: {
    files: {
      "0000_a.sql": a,
      "0001_b.sql": b,
      "meta/_journal.json": JSON.stringify({
        entries: [
          { idx: 0, when: 1704164645000, tag: "0000_a" },
          { idx: 1, when: 1704251045000, tag: "0001_b" },
        ],
      }),
    },
    sql: [
      "CREATE SCHEMA drizzle",
      "CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)",
      `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('${sha("sha256", a)}', 1704164645000)`,
    ],
    versions: ["0", "1"],
    appliedAt,
  },
  prisma: {
    files: {
      "20240101000000_a/migration.sql": a,
      "20240102000000_b/migration.sql": b,
      "migration_lock.toml": 'provider = "postgresql"\n',
    },
    sql: [
      "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)",
      // It was tried, rolled back by hand, and applied in the end.
      `INSERT INTO _prisma_migrations VALUES ('1', 'x', NULL, '20240101000000_a', 'failed', '${at}+00', '2024-01-01 00:00:00+00', 0)`,
      `INSERT INTO _prisma_migrations VALUES ('2', '${sha("sha256", a)}', '${at}+00', '20240101000000_a', NULL, NULL, '${at}+00', 1)`,
    ],
    versions: stamps,
    appliedAt,
  },
  "mikro-orm": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE mikro_orm_migrations (id serial PRIMARY KEY, name varchar(255), executed_at timestamptz DEFAULT now())",
      `INSERT INTO mikro_orm_migrations (name, executed_at) VALUES ('20240101000000_a', '${at}+00')`,
    ],
    versions: stamps,
    appliedAt,
  },
  sequelize: {
    files: pair(".sql"),
    sql: [
      'CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY)',
      "INSERT INTO \"SequelizeMeta\" VALUES ('20240101000000_a.sql')",
    ],
    versions: stamps,
  },
  "node-pg-migrate": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)",
      `INSERT INTO pgmigrations (name, run_on) VALUES ('20240101000000_a', '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  "db-migrate": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)",
      `INSERT INTO migrations (name, run_on) VALUES ('/20240101000000_a', '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  goose: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL, tstamp timestamp DEFAULT now())",
      "INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true)",
      `INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (20240101000000, true, '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  flyway: {
    files: { "V1__a.sql": a, "V2__b.sql": b },
    sql: [
      "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL)",
      `INSERT INTO flyway_schema_history VALUES (1, '1', 'a', 'SQL', 'V1__a.sql', ${crc32(a.trim()) | 0}, 'me', '${at}', 5, true)`,
    ],
    versions: ["1", "2"],
    appliedAt,
  },
  diesel: {
    files: { "2024-01-01-000000_a/up.sql": a, "2024-01-02-000000_b/up.sql": b },
    sql: [
      "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now())",
      `INSERT INTO __diesel_schema_migrations VALUES ('20240101000000', '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  sqlx: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL)",
      `INSERT INTO _sqlx_migrations VALUES (20240101000000, 'a', '${at}+00', true, '\\x00', 1)`,
    ],
    versions: stamps,
    appliedAt,
  },
  "postgres-migrations": {
    files: { "1_a.sql": a, "2_b.sql": b },
    sql: [
      "CREATE TABLE migrations (id int PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, hash varchar(40) NOT NULL, executed_at timestamp DEFAULT now())",
      "INSERT INTO migrations VALUES (0, 'create-migrations-table', 'x', now())",
      `INSERT INTO migrations VALUES (1, 'a', '${sha("sha1", `1_a.sql${a}`)}', '${at}')`,
    ],
    versions: ["1", "2"],
    appliedAt,
  },
  "sql-migrate": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE gorp_migrations (id text PRIMARY KEY, applied_at timestamptz)",
      `INSERT INTO gorp_migrations VALUES ('20240101000000_a.sql', '${at}+00')`,
    ],
    versions: stamps,
    appliedAt,
  },
  "graphile-migrate": {
    files: {
      "000001-a.sql": `--! Previous: -\n--! Hash: sha1:x\n\n${a}`,
      "000002-b.sql": `--! Previous: sha1:x\n\n${b}`,
    },
    sql: [
      "CREATE SCHEMA graphile_migrate",
      "CREATE TABLE graphile_migrate.migrations (hash text PRIMARY KEY, previous_hash text, filename text NOT NULL, date timestamptz NOT NULL DEFAULT now())",
      `INSERT INTO graphile_migrate.migrations VALUES ('sha1:${sha("sha1", a)}', NULL, '000001.sql', '${at}+00')`,
    ],
    versions: ["1", "2"],
    appliedAt,
  },
  ley: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, created_at timestamp NOT NULL)",
      `INSERT INTO migrations (name, created_at) VALUES ('20240101000000_a.sql', '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  laravel: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL)",
      "INSERT INTO migrations (migration, batch) VALUES ('20240101000000_a', 1)",
    ],
    versions: stamps,
  },
  supabase: {
    files: pair(".sql"),
    sql: [
      "CREATE SCHEMA supabase_migrations",
      "CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text)",
      "INSERT INTO supabase_migrations.schema_migrations VALUES ('20240101000000', '{}', 'a')",
    ],
    versions: stamps,
  },
  atlas: {
    files: pair(".sql"),
    sql: [
      "CREATE SCHEMA atlas_schema_revisions",
      "CREATE TABLE atlas_schema_revisions.atlas_schema_revisions (version varchar PRIMARY KEY, description varchar, type bigint, applied bigint, total bigint, executed_at timestamptz, execution_time bigint, error text, hash varchar)",
      `INSERT INTO atlas_schema_revisions.atlas_schema_revisions VALUES ('20240101000000', 'a', 2, 1, 1, '${at}+00', 5, NULL, 'x')`,
    ],
    versions: stamps,
    appliedAt,
  },
  "slonik-migrator": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE migration (name text PRIMARY KEY, hash text NOT NULL, date timestamptz NOT NULL DEFAULT now())",
      `INSERT INTO migration VALUES ('20240101000000_a.sql', '${sha("md5", a.trimEnd()).slice(0, 10)}', '${at}+00')`,
    ],
    versions: stamps,
    appliedAt,
  },
  postgrator: {
    files: { "001.a.sql": a, "002.b.sql": b },
    sql: [
      "CREATE TABLE schemaversion (version bigint PRIMARY KEY, name text, md5 text, run_at timestamptz)",
      `INSERT INTO schemaversion VALUES (0, '', '', '${at}+00'), (1, 'a', '${sha("md5", a)}', '${at}+00')`,
    ],
    versions: ["1", "2"],
    appliedAt,
  },
  yoyo: {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE _yoyo_migration (migration_hash varchar(64) PRIMARY KEY, migration_id varchar(255), applied_at_utc timestamp)",
      `INSERT INTO _yoyo_migration VALUES ('${sha("sha256", "20240101000000_a")}', '20240101000000_a', '${at}')`,
    ],
    versions: stamps,
    appliedAt,
  },
  tern: {
    files: { "001_a.sql": a, "002_b.sql": b },
    sql: [
      "CREATE TABLE schema_version (version int NOT NULL)",
      "INSERT INTO schema_version VALUES (1)",
    ],
    versions: ["1", "2"],
  },
  "databases-pg-migrations": {
    files: pair(".sql"),
    sql: [
      "CREATE TABLE atdatabases_migrations_applied (id bigserial PRIMARY KEY, index int, name text, script text, applied_at timestamptz, ignored_error text, obsolete boolean)",
      `INSERT INTO atdatabases_migrations_applied (index, name, script, applied_at, obsolete) VALUES (1, '20240101000000_a.sql', 'x', '${at}+00', false)`,
    ],
    versions: stamps,
    appliedAt,
  },
};

async function refusal(call: Promise<unknown>): Promise<ReleaseError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isReleaseError(error)) throw new Error("nothing was refused", { cause: error });
  return error;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function releaseOf(
  { adapter }: TestDatabase,
  files: Case["files"],
  options: Partial<RepoConfig> = { historyTable: "slipway_migrations" },
) {
  const root = mkdtempSync(join(tmpdir(), "slipway-adopt-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, "m", path)), { recursive: true });
    writeFileSync(join(root, "m", path), text);
  }
  return defineRelease({
    app: "blog",
    root,
    repos: { main: { adapter, migrations: "m", ...options } },
  }).using({ emit: () => undefined, write: () => undefined });
}

async function filled(sql: readonly string[]): Promise<TestDatabase> {
  const database = await testDatabase("pglite");
  for (const schema of [
    "drizzle",
    "graphile_migrate",
    "supabase_migrations",
    "atlas_schema_revisions",
  ])
    await database.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  for (const statement of [a, ...sql]) await database.query(statement);
  return database;
}

/** A history of Flyway with rows of these types. */
const flywayTable = (...rows: readonly string[]) => [
  "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL)",
  ...rows.map((row, i) => `INSERT INTO flyway_schema_history VALUES (${i + 1}, ${row})`),
];
const baselineRow = (version: string) =>
  `'${version}', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, 'me', '${at}', 0, true`;
const flywayRow = (script: string, type = "SQL") =>
  `'${/^[UV]([^_]+)/.exec(script)![1]}', 'x', '${type}', '${script}', ${type === "SQL" ? crc32(a.trim()) | 0 : "NULL"}, 'me', '${at}', 5, true`;

describe("a baseline of Flyway", () => {
  it("stands for all files up to its version", async () => {
    const database = await filled(flywayTable(baselineRow("1.9"), flywayRow("V2__c.sql")));
    const files = { "V1_2__a.sql": a, "V1.9__b.sql": a, "V1_10__x.sql": a, "V2__c.sql": a };
    const release = releaseOf(database, files);
    const error = await refusal(release.adopt("main"));
    expect(error.message).toContain("V1_10__x.sql did not run, although newer ones did");
    const adoption = await release.adopt("main", { accept: ["file-without-row"] });
    expect([adoption.recorded.length, adoption.pending.length, adoption.accepted.length]).toEqual([
      3, 1, 1,
    ]);
    const times = adoption.recorded.map((one) => one.appliedAt?.toISOString());
    expect(new Set(times)).toEqual(new Set([appliedAt]));
  });

  it("needs no answer where all that is newer is in order", async () => {
    const database = await filled(flywayTable(baselineRow("1")));
    const release = releaseOf(database, { "V1__a.sql": a, "V2__b.sql": b });
    expect((await release.adopt("main")).recorded.map(({ version }) => version)).toEqual(["1"]);
    expect((await release.migrate())[0]?.migrations.map(({ version }) => version)).toEqual(["2"]);
    await release.adoptBack("main");
    expect(
      await database.query("SELECT script FROM flyway_schema_history ORDER BY installed_rank"),
    ).toEqual([{ script: "<< Flyway Baseline >>" }, { script: "V2__b.sql" }]);
    await release.mark("main", 1, { as: "pending", reason: "by hand" });
    expect((await refusal(release.adoptBack("main"))).message).toContain(
      "V1__a.sql was rolled back, and its row (<< Flyway Baseline >>) stands for others too",
    );
  });

  it("forgets what repair says is gone", async () => {
    const database = await filled(
      flywayTable(
        flywayRow("V1__a.sql"),
        flywayRow("V9__gone.sql"),
        flywayRow("V9__gone.sql", "DELETE"),
      ),
    );
    const adoption = await releaseOf(database, { "V1__a.sql": a }).adopt("main");
    expect([adoption.recorded.length, adoption.accepted]).toEqual([1, []]);
  });

  it("runs again what an undo took back, whatever that is called", async () => {
    const undone = [flywayRow("V2__b.sql"), flywayRow("U2__no_b.sql", "UNDO_SQL")];
    const files = { "V1__a.sql": a, "V2__b.sql": a };
    const left = await filled(flywayTable(flywayRow("V1__a.sql"), ...undone));
    const adoption = await releaseOf(left, files).adopt("main");
    expect(adoption.recorded.map(({ version }) => version)).toEqual(["1"]);
    expect(adoption.pending.map(({ version }) => version)).toEqual(["2"]);
    const again = await filled(
      flywayTable(flywayRow("V1__a.sql"), ...undone, flywayRow("V2__b.sql")),
    );
    expect((await releaseOf(again, files).adopt("main")).recorded).toHaveLength(2);
  });
});

describe("adopt", () => {
  it.each(Object.entries(cases))(
    "takes over what %s has run, and migrate runs the rest",
    async (tool, one) => {
      const database = await filled(one.sql);
      const release = releaseOf(database, one.files);
      const shown = await release.adopt("main", { dryRun: true });
      expect(await release.history()).toMatchObject([{ events: [] }]);

      const adoption = await release.adopt("main");
      const [recorded] = adoption.recorded;
      expect([adoption.tool, adoption.recorded.length, recorded?.version]).toEqual([
        tool,
        1,
        one.versions[0],
      ]);
      expect(recorded?.appliedAt?.toISOString()).toBe(one.appliedAt);
      expect(adoption.pending.map(({ version }) => version)).toEqual([one.versions[1]]);
      expect(shown).toEqual(adoption);
      const [{ events = [] } = {}] = await release.history();
      expect(events.map(({ version, result }) => [version, result])).toEqual([
        [one.versions[0], "adopted"],
      ]);

      expect((await release.adopt("main")).recorded).toEqual([]);
      await release.migrate();
      expect(await database.tables()).toContain("b");
      const [status] = await release.migrationStatus();
      expect(status?.migrations.map((row) => row.status)).toEqual(["up", "up"]);
    },
  );

  it("lists every tool in docs/moving-from.md, with its table", () => {
    const page = readFileSync(new URL("../../docs/moving-from.md", import.meta.url), "utf8");
    const listed = [...page.matchAll(/^\| (.+) \| `(.+)` \| `(.+)` \|$/gm)].map(
      ([, ...row]) => row,
    );
    const rows = histories.map(({ label, tool, table }) => [label, tool, table.name]);
    expect(listed.toSorted()).toEqual(rows.toSorted());
  });

  it("has a case for every tool whose files are SQL", () => {
    const elsewhere = [
      "typeorm",
      "liquibase",
      "sqitch",
      "alembic",
      "django",
      "rails",
      "dbmate",
      "golang-migrate",
      "pgroll",
    ];
    expect(histories.map(({ tool }) => tool).filter((tool) => !(tool in cases))).toEqual(
      elsewhere.toSorted(),
    );
  });

  const prisma = cases.prisma!;
  const doubts: readonly [string, readonly string[], Case["files"], string][] = [
    [
      "a migration that failed",
      [
        ...prisma.sql,
        `INSERT INTO _prisma_migrations VALUES ('3', 'x', NULL, '20240102000000_b', 'failed', NULL, '${at}+00', 0)`,
      ],
      prisma.files,
      "failed",
    ],
    [
      "a file that was edited",
      prisma.sql,
      { ...prisma.files, "20240101000000_a/migration.sql": "CREATE TABLE a (id bigint);\n" },
      "checksum",
    ],
    [
      "a row without a file",
      prisma.sql,
      { "20240102000000_b/migration.sql": b },
      "row-without-file",
    ],
    [
      "a file that came late",
      prisma.sql,
      { ...prisma.files, "20230101000000_c/migration.sql": "CREATE TABLE c (id int);\n" },
      "file-without-row",
    ],
  ];
  it.each(doubts)(
    "refuses %s until it is answered for, and records nothing",
    async (_, sql, files, kind) => {
      const database = await filled(sql);
      const release = releaseOf(database, files);
      const error = await refusal(release.adopt("main"));
      expect(error.code).toBe("foreign_doubtful");
      expect(error.hint).toContain(`--accept ${kind}`);
      expect(await release.history()).toMatchObject([{ events: [] }]);
      const accept = [kind as "failed"];
      expect((await release.adopt("main", { accept })).accepted.map((doubt) => doubt.kind)).toEqual(
        accept,
      );
    },
  );

  it("refuses while the other tool holds its lock", async () => {
    const { files, sql } = cases.knex!;
    const database = await filled([...sql, "UPDATE knex_migrations_lock SET is_locked = 1"]);
    const error = await refusal(releaseOf(database, files).adopt("main"));
    expect([error.code, error.exitCode]).toEqual(["foreign_locked", 3]);
  });

  it("tells tables of one name apart, and asks when there are two histories", async () => {
    const database = await filled([...cases.knex!.sql, ...prisma.sql]);
    const release = releaseOf(database, cases.knex!.files);
    expect((await refusal(release.adopt("main"))).code).toBe("foreign_ambiguous");
    expect((await release.adopt("main", { from: "knex" })).recorded).toHaveLength(1);
  });

  it("says that there is no history", async () => {
    const error = await refusal(releaseOf(await filled([]), cases.knex!.files).adopt("main"));
    expect([error.code, error.exitCode]).toEqual(["foreign_missing", 2]);
  });
});

describe("a history that is not ours", () => {
  const foreign = ["dirty boolean", "name text"].map((column) => [
    `CREATE TABLE schema_migrations (version bigint, ${column})`,
    `INSERT INTO schema_migrations (version) VALUES (20240101000000), (20240102000000)`,
  ]);
  const reads = ["migrationStatus", "plan", "migrate", "wait", "readiness"] as const;

  it.each([
    ["golang-migrate", foreign[0]!],
    ["dbmate", ["CREATE TABLE schema_migrations (version varchar)", foreign[0]![1]!]],
  ])("has the usual name, so ours takes another, and it is adopted: %s", async (tool, sql) => {
    const database = await filled(sql);
    const { files } = cases.knex!;
    await database.query("DELETE FROM schema_migrations WHERE version::text = '20240101000000'");
    for (const read of reads) {
      const error = await refusal(releaseOf(database, files, {})[read]());
      expect([error.code, error.message]).toEqual([
        "history_foreign",
        expect.stringContaining(`schema_migrations is the history of ${tool}, not Slipway's`),
      ]);
      expect(error.hint).toContain("slipway adopt main");
    }
    const adopting = releaseOf(database, files, {});
    const accept = ["file-without-row"] as const;
    const { recorded } = await adopting.adopt("main", { accept });
    const count = tool === "dbmate" ? 1 : 2;
    expect(recorded).toHaveLength(count);
    const later = releaseOf(database, files, {});
    const [status] = await later.migrationStatus();
    expect(status?.migrations.map((row) => row.status)).toEqual([
      tool === "dbmate" ? "down" : "up",
      "up",
    ]);
    const [{ events = [] } = {}] = await releaseOf(database, files, {}).history();
    expect(events.map(({ history }) => history)).toEqual(Array(count).fill("slipway_migrations"));
    const last = releaseOf(database, files, {});
    expect(await last.readiness()).toMatchObject([{ ready: tool !== "dbmate" }]);
    await last.mark("main", 20240102000000, { as: "pending", reason: "by hand" });
    expect(await database.query("SELECT version FROM schema_migrations")).toHaveLength(1);
  });

  it("is the application's own, and ours takes another name, said once", async () => {
    const database = await filled(foreign[1]!);
    const heard: string[] = [];
    const release = releaseOf(database, cases.knex!.files, {}).using({
      emit: (event) => event.type === "warning" && heard.push(event.message),
    });
    await release.baseline("main", { at: 20240101000000 });
    await release.migrate();
    expect(heard).toEqual([
      "the table schema_migrations is not Slipway's, so what runs is written to slipway_migrations",
    ]);
    expect(await database.tables()).toContain("slipway_migrations");
    const rows = await database.query("SELECT version FROM schema_migrations");
    expect(rows).toHaveLength(2);
  });

  it.each([
    ["golang-migrate", foreign[0]!],
    [undefined, foreign[1]!],
  ])("is never read as ours where it was named: %s", async (tool, sql) => {
    const database = await filled(sql);
    const { files } = cases.knex!;
    const release = releaseOf(database, files, { historyTable: "schema_migrations" });
    const details = { repo: "main", table: "schema_migrations", taken: true };
    const steps = [...reads.map((read) => () => release[read]()), () => release.adopt("main")];
    const marks = [
      () => release.baseline("main", { at: 20240102000000 }),
      () => release.mark("main", 20240102000000, { as: "applied", reason: "by hand" }),
    ];
    for (const step of [...steps, ...marks]) {
      const error = await refusal(step());
      expect([error.code, error.exitCode]).toEqual(["history_foreign", 2]);
      expect(error.details).toEqual(tool === undefined ? details : { ...details, tool });
      expect(error.hint).toContain('historyTable: "slipway_migrations"');
    }
    expect(await database.tables()).toEqual(["a"]);
  });

  it("stops everything while it is filled and ours is empty, until it is adopted or said to be another's", async () => {
    const { files, sql } = cases.knex!;
    const database = await filled(sql);
    const release = releaseOf(database, files);
    for (const read of reads) {
      const error = await refusal(release[read]());
      expect([error.code, error.message]).toEqual([
        "history_foreign",
        "repo main: the table public.knex_migrations is the history of Knex, not Slipway's",
      ]);
      expect(error.hint).toContain("slipway adopt main");
    }
    const ignoring = releaseOf(database, files, { otherHistories: "ignore" });
    expect(await ignoring.readiness()).toMatchObject([{ ready: false }]);
    await release.adopt("main");
    expect(await release.readiness()).toMatchObject([{ ready: false }]);
    await release.mark("main", 20240101000000, { as: "pending", reason: "undone" });
    expect(await release.readiness()).toMatchObject([{ ready: false }]);
  });

  it("is nobody's where it has no row", async () => {
    const { files, sql } = cases.knex!;
    const database = await filled([...sql, "DELETE FROM knex_migrations"]);
    expect(await releaseOf(database, files).readiness()).toMatchObject([{ ready: false }]);
  });
});

describe("baseline and mark", () => {
  it("counts all up to a version as applied, and runs none", async () => {
    const database = await filled([]);
    const release = releaseOf(database, cases.knex!.files);
    const counted = await release.baseline("main", { at: 20240101000000 });
    expect(counted).toEqual([{ version: "20240101000000", name: "a" }]);
    await release.migrate();
    expect(await database.tables()).toContain("b");
    const error = await refusal(release.baseline("main", { at: 20240101000000 }));
    expect(error.code).toBe("baseline_refused");
  });

  it("marks one as pending and as applied, with the reason in the history", async () => {
    const release = releaseOf(await filled([]), cases.knex!.files);
    await release.baseline("main", { at: 20240102000000 });
    await release.mark("main", 20240102000000, { as: "pending", reason: "dropped by hand" });
    const [after] = await release.migrationStatus();
    expect(after?.migrations.map((row) => row.status)).toEqual(["up", "down"]);
    await release.mark("main", 20240102000000, { as: "applied", reason: "made by hand" });
    const [{ events = [] } = {}] = await release.history({ limit: 2 });
    expect(events.map(({ reason }) => reason)).toEqual([
      "applied: made by hand",
      "pending: dropped by hand",
    ]);
  });
});
