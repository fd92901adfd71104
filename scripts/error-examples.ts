/** One example of every error, for docs/errors.md. The type says when one is missing. */
import type { ErrorDetails } from "../src/core/errors.ts";

const repo = "main";
const version = "20210709121212";
const name = "create_posts";
const origin = `db/main/migrations/${version}_${name}.ts`;

export const errorExamples: ErrorDetails = {
  usage_invalid: { reason: "error: unknown option '--stp'", hint: "Did you mean --step?" },
  option_unknown: { option: "stpe", of: "migrate", known: ["step"] },
  option_invalid: { option: "step", value: "0", expected: "a whole number from 1" },
  targets_conflict: { given: ["step", "to"] },
  target_missing: { given: "all: false" },
  repo_unknown: { repo: "mian", known: ["main", "analytics"] },
  repo_missing: { known: ["main", "analytics"] },
  version_missing: { repo },
  version_unknown: { repo, version: "20210709121213", nearest: version },
  version_duplicated: { repo, version, origins: [`${version}_a.ts`, `${version}_b.ts`] },
  name_duplicated: { repo, name, origins: [`${version}_${name}.ts`, `20210801000000_${name}.ts`] },
  out_of_order: { repo, version, name, newest: "20210718153339" },
  folder_missing: { repo, folder: "db/main/migrations" },
  not_a_migration: { origin },
  migration_unloadable: { origin, reason: "Expected ',', got 'm' (line 4)" },
  migration_invalid: {
    origin,
    reason: "it has neither change nor up nor down",
    hint: "Add change(m) { … } to it.",
  },
  callback_missing: { origin, callback: "down" },
  sql_section_missing: { origin: `${version}_${name}.sql`, section: "down" },
  operation_invalid: {
    origin,
    reason: "table posts has two columns title",
    hint: "Leave one out.",
  },
  irreversible: {
    origin,
    line: 7,
    operation: "drop table posts",
    fix: 'Write m.dropTable("posts", { was: (t) => { … } }) with the columns that it had, or write up(m) and down(m).',
  },
  operation_unsupported: {
    origin,
    operation: "create extension citext",
    database: "SQLite",
    hint: "Leave it out for this database.",
  },
  not_in_release: {
    repo,
    version,
    name,
    reason: "its way back runs code (run code)",
    release: "my_app 1.4.0",
  },
  migration_edited: {
    repo,
    version,
    name,
    origin,
    diff: [
      '- CREATE TABLE "posts" ("title" varchar(255))',
      '+ CREATE TABLE "posts" ("title" text)',
    ],
  },
  prefix_mismatch: { origin, given: "foo", expected: "bar" },
  env_missing: { variable: "DATABASE_URL" },
  driver_missing: { driver: "pg", adapter: "postgres" },
  connection_failed: {
    repo,
    target: "postgres://app@db.internal:5432/app",
    reason: "connection refused",
    hint: "Is the server running at db.internal:5432?",
  },
  direct_url_needed: {
    repo,
    reason: `${version}_${name} changes a setting of the connection outside of a transaction ("SET work_mem = '1GB'"), and a connection pooler stands between, which would give it to somebody else`,
  },
  history_unreadable: {
    repo,
    table: "schema_migrations",
    reason: "permission denied for table schema_migrations",
  },
  lock_held: {
    repo,
    waitedMs: 300_000,
    holder: { application: "slipway my_app", pid: "4711", host: "10.0.0.7" },
  },
  lock_lost: { repo, done: [] },
  migration_failed: {
    repo,
    version,
    name,
    direction: "up",
    operation: "create table posts",
    reason: 'relation "posts" already exists',
    transactional: true,
    done: [{ repo, version: "20210702012346", name: "create_users" }],
  },
  statement_interrupted: { repo, version, name, operation: "run code" },
  journal_mismatch: { repo, version, name, operation: "create index posts_title_index" },
  nothing_to_mark: { repo, version },
  partly_failed: { done: ["main"], failed: "analytics", reason: "repo analytics: …" },
  migrations_pending: { repos: [{ repo, pending: [version] }] },
  interrupted: { signal: "SIGTERM", done: [] },
  release_missing: { looked: ["release.ts", "src/release.ts"] },
  release_invalid: { path: "release.ts", reason: "it does not export Release" },
  name_taken: { name, origin },
  file_exists: { path: "release.ts" },
  storage_unsupported: { repo, database: "PGlite", command: "drop" },
  storage_failed: { repo, command: "drop", reason: "database is being accessed by other users" },
  confirmation_missing: { command: "drop" },
  several: { errors: [] },
};
