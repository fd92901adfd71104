/** Histories that other tools left, each with a folder of migrations, half of which have run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineRelease, isReleaseError, type ReleaseError } from "slipway";
import { afterEach } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

export const up = (name: string) =>
  `-- migrate:up\ncreate table ${name} (id int);\n-- migrate:down\ndrop table ${name};\n`;
export const plainFiles = {
  "20240101000000_a.sql": up("a"),
  "20240102000000_b.sql": up("b"),
  "20240103000000_c.sql": up("c"),
};
export const folders = Object.fromEntries(
  Object.entries(plainFiles).map(([name, text]) => [name.replace(".sql", "/migration.sql"), text]),
);

export type Case = {
  readonly files?: { readonly [path: string]: string };
  readonly sql: readonly string[];
  /** All that its table says afterwards, as text. */
  readonly rows: string;
  readonly expected: readonly unknown[];
};

export const cases: { readonly [tool: string]: Case } = {
  knex: {
    sql: [
      "create table knex_migrations (id serial primary key, name varchar(255), batch int, migration_time timestamptz)",
      "insert into knex_migrations (name, batch, migration_time) values ('20240101000000_a.sql', 1, now())",
    ],
    rows: "select name, batch from knex_migrations order by id",
    expected: [
      { name: "20240101000000_a.sql", batch: 1 },
      { name: "20240102000000_b.sql", batch: 2 },
    ],
  },
  kysely: {
    sql: [
      "create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)",
      "insert into kysely_migration values ('20240101000000_a', '2024-01-01T00:00:00.000Z')",
    ],
    rows: "select name, timestamp like '____-__-__T__:__:__.___Z' as iso from kysely_migration order by name",
    expected: [
      { name: "20240101000000_a", iso: true },
      { name: "20240102000000_b", iso: true },
    ],
  },
  prisma: {
    files: folders,
    sql: [
      "create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count int not null default 0)",
      "insert into _prisma_migrations (id, checksum, finished_at, migration_name) values ('1', encode(sha256(convert_to('" +
        up("a") +
        "', 'UTF8')), 'hex'), now(), '20240101000000_a')",
    ],
    rows: `select migration_name as name, checksum = encode(sha256(convert_to(case when migration_name like '%_a' then '${up("a")}' else '${up("b")}' end, 'UTF8')), 'hex') as same, applied_steps_count as steps, finished_at is not null as done, length(id) > 0 as id from _prisma_migrations order by migration_name`,
    expected: [
      { name: "20240101000000_a", same: true, steps: 0, done: true, id: true },
      { name: "20240102000000_b", same: true, steps: 1, done: true, id: true },
    ],
  },
  "golang-migrate": {
    sql: [
      "create table schema_migrations (version bigint primary key, dirty boolean not null)",
      "insert into schema_migrations values (20240101000000, false)",
    ],
    rows: "select version::text, dirty from schema_migrations",
    expected: [{ version: "20240102000000", dirty: false }],
  },
  tern: {
    files: { "001_a.sql": up("a"), "002_b.sql": up("b"), "003_c.sql": up("c") },
    sql: [
      "create table schema_version (version int not null)",
      "insert into schema_version values (1)",
    ],
    rows: "select version from schema_version",
    expected: [{ version: 2 }],
  },
  "drizzle 1.0": {
    files: folders,
    sql: [
      "create table __drizzle_migrations (id serial primary key, hash text not null, created_at bigint, name text, applied_at timestamptz default now())",
      "insert into __drizzle_migrations (hash, created_at, name) values ('x', 1704067200000, '20240101000000_a')",
    ],
    rows: "select created_at::text as at, name, applied_at is not null as applied, length(hash) as hash from __drizzle_migrations order by id",
    expected: [
      { at: "1704067200000", name: "20240101000000_a", applied: true, hash: 1 },
      { at: "1704153600000", name: "20240102000000_b", applied: true, hash: 64 },
    ],
  },
  flyway: {
    files: { "V1__a.sql": up("a"), "V2__b_c.sql": up("b"), "V3__c.sql": up("c") },
    sql: [
      "create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum int, installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time int not null, success boolean not null)",
      "insert into flyway_schema_history values (1, '1', 'a', 'SQL', 'V1__a.sql', null, 'me', now(), 5, true)",
    ],
    rows: "select installed_rank as rank, version, description, type, script, success from flyway_schema_history order by 1",
    expected: [
      { rank: 1, version: "1", description: "a", type: "SQL", script: "V1__a.sql", success: true },
      {
        rank: 2,
        version: "2",
        description: "b c",
        type: "SQL",
        script: "V2__b_c.sql",
        success: true,
      },
    ],
  },
  "postgres-migrations": {
    files: { "1-a.sql": up("a"), "2-b.sql": up("b"), "3-c.sql": up("c") },
    sql: [
      "create table migrations (id int primary key, name varchar(100) unique not null, hash varchar(40) not null, executed_at timestamp default now())",
      "insert into migrations values (0, 'create-migrations-table', 'x')",
      `insert into migrations values (1, 'a', '${"0".repeat(40)}')`,
    ],
    rows: "select id, name, length(hash) as hash from migrations where id > 0 order by id",
    expected: [
      { id: 1, name: "a", hash: 40 },
      { id: 2, name: "b", hash: 40 },
    ],
  },
};

export async function filled({ sql, files = plainFiles }: Pick<Case, "sql" | "files">) {
  const database = await testDatabase("pglite");
  for (const statement of ["create table a (id int)", ...sql]) await database.query(statement);
  const root = mkdtempSync(join(tmpdir(), "slipway-back-"));
  roots.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, "m", path)), { recursive: true });
    writeFileSync(join(root, "m", path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { database, write, release: releaseOf(database, root) };
}

function releaseOf({ adapter }: TestDatabase, root: string) {
  const repos = { main: { adapter, migrations: "m" } };
  return defineRelease({ app: "blog", root, repos }).using({
    emit: () => undefined,
    write: () => undefined,
  });
}

export async function refusal(work: Promise<unknown>): Promise<ReleaseError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isReleaseError(error)) throw new Error(`it was not refused: ${String(error)}`);
  return error;
}
