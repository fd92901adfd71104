/** One example of every warning, for docs/warnings.md. The type says when one is missing. */
import { ReleaseError } from "../src/core/model/errors.ts";
import type { WarningDetails } from "../src/core/model/warnings.ts";
import { errorExamples } from "./error-examples.ts";

const version = "20210709121212";
const name = "create_posts";
const id = `${version}_${name}`;
const origin = `db/main/migrations/${id}.ts`;

const required = new ReleaseError("data_migration_required", errorExamples.data_migration_required);

export const warningExamples: WarningDetails = {
  file_ignored: { path: "db/main/migrations/schema.sql", because: "version_missing" },
  folder_read_as: { folder: "db/main/migrations", layout: "graphile-migrate" },
  bundler_warned: { said: "release.ts:3:9: Duplicate key" },
  image_may_change: { image: "registry.example/my-app:latest" },
  way_back_unknown: {
    repo: "main",
    tool: "Knex",
    migrations: [{ id, reason: "it reads rows" }],
  },
  out_of_order: { version, newest: "20210718153339" },
  version_unknown: { version: "20210709121213", nearest: version },
  edit_allowed: errorExamples.migration_edited,
  looks_edited: { origin },
  rolled_back_from_history: { id },
  not_what_ran: { origin },
  history_sends: { id, sql: "DROP TABLE posts" },
  history_shared: {
    repo: "reports",
    table: "schema_migrations",
    id: "1_create_reports",
    other: { repo: "main", id: "1_create_posts" },
    more: 0,
  },
  half_done: { id, direction: "up", done: 2, inDoubt: 1 },
  half_applied: { repo: "main", version, name },
  does_nothing: { origin },
  data_gone: { id, things: ["column posts.title"] },
  operation_replaced: {
    origin,
    operation: "create index posts_title_index",
    by: ["safely: create index posts_title_index on table posts"],
  },
  tenants_share: {
    origin: `db/main/tenant_migrations/${id}.ts`,
    object: "public.countries",
    mode: "SHARE ROW EXCLUSIVE",
    statement: "CREATE TABLE posts (country bigint REFERENCES public.countries (id))",
  },
  would_be_refused: {
    error: "data_migration_required",
    reason: required.message,
    hint: required.hint,
    details: errorExamples.data_migration_required,
  },
  breaks_old_code: { version, name, isPart: false, breaks: ["column body is dropped"] },
  late_for_new_code: { version, name, isPart: false, gives: ["table posts"] },
  not_judged: {},
  file_not_judged: { origin: "db/main/migrations/20210709121212_import.sql" },
  unsafe: {
    origin,
    line: 4,
    rule: "create-index-concurrently",
    message: "stops writers on posts until the index is built",
    severity: "high",
    rows: 2_100_000,
  },
  let_through: { because: "few_rows", findings: { "create-index-concurrently": 2 } },
  disproved: { rule: "will-fail", message: "fails: table posts is there already" },
  database_absent: { target: "pglite:./data/main" },
  pooler_in_session_mode: { migrations: [id] },
  pooler_in_transaction_mode: { migration: id },
  table_cannot_roll_back: { table: "posts", engine: "MyISAM", migration: id },
  data_pending: { count: 1 },
  history_elsewhere: { table: "schema_migrations", instead: "slipway_migrations" },
  own_table_kept: { table: "schema_migrations", origin },
  blockers_not_ended: { reason: "must be a member of the role whose process is being terminated" },
  event_not_written: { reason: "no answer within 2000 ms" },
  earlier_run_works: {
    pid: "4711",
    running: "CREATE INDEX CONCURRENTLY posts_title ON posts (title)",
  },
  new_rows_unfilled: { table: "posts", columns: ["slug"] },
  tenants_unread: {
    unreachable: [{ tenant: "acme", reason: "connect ECONNREFUSED 10.0.0.7:5432" }],
  },
  dead_rows_left: { name: "fill_slugs", count: 3 },
};
