/** Histories that other tools left, each with a folder of migrations, half of which have run. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineRelease, isReleaseError, type ReleaseError, type RepoConfig } from "slipway";
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

/** Files of graphile-migrate: each signs itself together with the one before it. */
type Signed = { readonly body: string; readonly hash: string; readonly previous: string };
const signedAfter = (name: string, previous: string): Signed => {
  const body = `create table ${name} (id int);\n`;
  const text = previous === "-" ? body : `${previous}\n${body}`;
  return { body, hash: `sha1:${createHash("sha1").update(text).digest("hex")}`, previous };
};
const signedA = signedAfter("a", "-");
const signedB = signedAfter("b", signedA.hash);
const signedC = signedAfter("c", signedB.hash);
const signed = ({ body, hash, previous }: Signed) =>
  `--! Previous: ${previous}\n--! Hash: ${hash}\n\n${body}`;

export type Case = {
  readonly options?: Partial<RepoConfig>;
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
  "graphile-migrate": {
    files: {
      "committed/000001.sql": signed(signedA),
      "committed/000002-b.sql": signed(signedB),
      "committed/000003.sql": signed(signedC),
    },
    sql: [
      "create schema graphile_migrate",
      "create table graphile_migrate.migrations (hash text primary key, previous_hash text references graphile_migrate.migrations, filename text not null, date timestamptz not null default now())",
      `insert into graphile_migrate.migrations values ('${signedA.hash}', null, '000001.sql')`,
    ],
    rows: "select hash, previous_hash as previous, filename from graphile_migrate.migrations order by filename",
    expected: [
      { hash: signedA.hash, previous: null, filename: "000001.sql" },
      { hash: signedB.hash, previous: signedA.hash, filename: "000002.sql" },
    ],
  },
  sqlx: {
    sql: [
      "create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null, execution_time bigint not null)",
      `insert into _sqlx_migrations values (20240101000000, 'a', now(), true, sha384(convert_to('${up("a")}', 'UTF8')), 5)`,
    ],
    rows: `select version::text, description, success, checksum = sha384(convert_to(case version when 20240101000000 then '${up("a")}' else '${up("b")}' end, 'UTF8')) as same from _sqlx_migrations order by version`,
    expected: [
      { version: "20240101000000", description: "a", success: true, same: true },
      { version: "20240102000000", description: "b", success: true, same: true },
    ],
  },
  supabase: {
    sql: [
      "create schema supabase_migrations",
      "create table supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text)",
      "insert into supabase_migrations.schema_migrations values ('20240101000000', '{}', 'a')",
    ],
    files: {
      ...plainFiles,
      "20240102000000_b.sql": "create table b (id int);\ninsert into b values (1);\n",
    },
    rows: "select version, statements, name from supabase_migrations.schema_migrations order by version",
    expected: [
      { version: "20240101000000", statements: [], name: "a" },
      {
        version: "20240102000000",
        statements: ["create table b (id int)", "insert into b values (1)"],
        name: "b",
      },
    ],
  },
  yoyo: {
    sql: [
      "create table _yoyo_migration (migration_hash varchar(64) primary key, migration_id varchar(255), applied_at_utc timestamp)",
      "insert into _yoyo_migration values (encode(sha256('20240101000000_a'), 'hex'), '20240101000000_a', now())",
    ],
    rows: "select migration_id as id, migration_hash = encode(sha256(migration_id::bytea), 'hex') as same from _yoyo_migration order by 1",
    expected: [
      { id: "20240101000000_a", same: true },
      { id: "20240102000000_b", same: true },
    ],
  },
  "databases-pg-migrations": {
    files: { "00001-a.sql": up("a"), "00002-b.sql": up("b"), "00003-c.sql": up("c") },
    sql: [
      "create table atdatabases_migrations_applied (id bigserial not null primary key, index int not null, name text not null, script text not null, applied_at timestamptz not null, ignored_error text null, obsolete boolean not null)",
      `insert into atdatabases_migrations_applied (index, name, script, applied_at, obsolete) values (1, '00001-a.sql', '${up("a")}', now(), false)`,
    ],
    rows: "select index, name, script, obsolete from atdatabases_migrations_applied order by index",
    expected: [
      { index: 1, name: "00001-a.sql", script: up("a"), obsolete: false },
      { index: 2, name: "00002-b.sql", script: up("b"), obsolete: false },
    ],
  },
  atlas: {
    sql: [
      "create schema atlas_schema_revisions",
      "create table atlas_schema_revisions.atlas_schema_revisions (version varchar not null primary key, description varchar not null, type bigint not null default 2, applied bigint not null default 0, total bigint not null default 0, executed_at timestamptz not null, execution_time bigint not null, error text, error_stmt text, hash varchar not null, partial_hashes jsonb, operator_version varchar not null)",
      "insert into atlas_schema_revisions.atlas_schema_revisions values ('20240101000000', 'a', 2, 1, 1, now(), 5, null, null, 'x', null, 'Atlas CLI')",
    ],
    rows: `select version, description, type::int, applied::int, total::int, hash = encode(sha256(convert_to('20240101000000_a.sql${up("a")}20240102000000_b.sql${up("b")}', 'UTF8')), 'base64') as same from atlas_schema_revisions.atlas_schema_revisions order by version`,
    expected: [
      { version: "20240101000000", description: "a", type: 2, applied: 1, total: 1, same: false },
      { version: "20240102000000", description: "b", type: 4, applied: 0, total: 0, same: true },
    ],
  },
  liquibase: {
    options: { layout: "liquibase" },
    files: {
      "001.sql":
        "--liquibase formatted sql\n--changeset ann:1\nselect 1;\n--rollback select 0;\n--changeset bob:1\ncreate table b (id int);\n--rollback drop table b;\n",
      "002.sql": "--liquibase formatted sql\n--changeset ann:2\nselect 3;\n--rollback select 2;\n",
    },
    sql: [
      "create table databasechangelog (id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null, dateexecuted timestamp not null, orderexecuted int not null, exectype varchar(10) not null, md5sum varchar(35), description varchar(255), comments varchar(255), tag varchar(255), liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id varchar(10))",
      "insert into databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype, md5sum) values ('1', 'ann', 'db/m/001.sql', now(), 1, 'EXECUTED', '9:x')",
    ],
    rows: "select id, author, filename, orderexecuted as place, exectype as type, md5sum from databasechangelog order by orderexecuted",
    expected: [
      {
        ...{ id: "1", author: "ann", filename: "db/m/001.sql", place: 1 },
        ...{ type: "EXECUTED", md5sum: "9:x" },
      },
      {
        ...{ id: "1", author: "bob", filename: "db/m/001.sql", place: 2 },
        ...{ type: "EXECUTED", md5sum: null },
      },
    ],
  },
};

export async function filled({
  sql,
  files = plainFiles,
  options = {},
}: Omit<Case, "rows" | "expected">) {
  const database = await testDatabase("pglite");
  for (const schema of ["graphile_migrate", "supabase_migrations", "atlas_schema_revisions"])
    await database.query(`drop schema if exists ${schema} cascade`);
  for (const statement of ["create table a (id int)", ...sql]) await database.query(statement);
  const root = mkdtempSync(join(tmpdir(), "slipway-back-"));
  roots.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, "m", path)), { recursive: true });
    writeFileSync(join(root, "m", path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { database, write, release: releaseOf(database, root, options) };
}

function releaseOf({ adapter }: TestDatabase, root: string, options: Partial<RepoConfig>) {
  const repos = { main: { adapter, migrations: "m", ...options } };
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
