/** What must not compile. TypeScript checks this file; nothing runs it. */
import { defineMigration, defineRelease, type MigrationBuilder, type Release, sql } from "slipway";
import { sqlite } from "../../src/adapters/sqlite/index.ts";

const adapter = sqlite({ path: ":memory:" });

export const release = defineRelease({
  app: "blog",
  repos: { main: { adapter }, analytics: { adapter } },
});

/** A release in general, as a library takes it. */
export const general: Release = release;

/** What does compile, so that what does not is refused for its own reason. */
export async function fine(): Promise<void> {
  await release.migrate();
  await release.migrate({ all: true });
  await release.migrate({ step: 1, repo: "main", log: false });
  await release.migrate({ to: 20200118045751, repo: ["main", "analytics"] });
  await release.migrate({ toExclusive: 20200118045751n });
  await release.rollback("main", 20200118045751);
  await release.rollback("main", { step: 1 }, { data: true });
  await release.rollback("analytics", { all: true });
  await release.migrateOnBoot({ skip: true, repo: "main" });
  release.using({ adapters: { main: adapter }, write: () => undefined });
}

export async function targets(): Promise<void> {
  // @ts-expect-error step and to exclude each other
  await release.migrate({ step: 1, to: 20200118045751 });
  // @ts-expect-error all and step exclude each other
  await release.migrate({ all: true, step: 1 });
  // @ts-expect-error to and toExclusive exclude each other
  await release.migrate({ to: 1, toExclusive: 2 });
  // @ts-expect-error `all: false` is no target
  await release.migrate({ all: false });
  // @ts-expect-error digits are a number or a bigint, not text
  await release.migrate({ to: "20200118045751" });
  // @ts-expect-error a target is an object
  await release.migrate(20200118045751);
  // @ts-expect-error data migrations take the same targets
  await release.migrateData({ step: 1, to: 2 });
  // @ts-expect-error so do plans
  await release.plan({ step: 1, to: 2 });
}

export async function repos(): Promise<void> {
  // @ts-expect-error there is no repo mian
  await release.migrate({ repo: "mian" });
  // @ts-expect-error there is no repo mian beside main
  await release.migrate({ repo: ["main", "mian"] });
  // @ts-expect-error there is no repo mian
  await release.rollback("mian", 20200118045751);
  // @ts-expect-error there is no repo mian
  await release.migrationStatus({ repo: "mian" });
  // @ts-expect-error there is no repo mian
  await release.assertMigrated({ repo: "mian" });
  // @ts-expect-error there is no repo mian
  release.using({ adapters: { mian: adapter } });
}

export async function rollbacks(): Promise<void> {
  // @ts-expect-error a rollback needs a repo and a version
  await release.rollback();
  // @ts-expect-error a rollback needs a version
  await release.rollback("main");
  // @ts-expect-error nothing is undone by leaving something out
  await release.rollback("main", {});
  // @ts-expect-error step and to exclude each other
  await release.rollback("main", { step: 1, to: 1 });
  // @ts-expect-error a rollback goes to one repo
  await release.rollback(["main", "analytics"], 1);
  // @ts-expect-error digits are a number or a bigint, not text
  await release.rollback("main", "20200118045751");
  await release.rollback("main", "20200118045751_create_posts");
  // @ts-expect-error a step may not be undefined, which would say nothing
  await release.rollback("main", { step: undefined });
}

export async function options(): Promise<void> {
  // @ts-expect-error there is no option steps
  await release.migrate({ steps: 1 });
  // @ts-expect-error strict order is true or false
  await release.migrate({ strictVersionOrder: "yes" });
  // @ts-expect-error there is no level of logging
  await release.migrate({ log: "info" });
  // @ts-expect-error data is for rollback, status and plan
  await release.migrate({ data: true });
  // @ts-expect-error there is no option steps
  await release.rollback("main", 1, { steps: 1 });
  // @ts-expect-error how far to go is not asked at the start of an app
  await release.migrateOnBoot({ step: 1 });
  // @ts-expect-error there is no option adaptors
  release.using({ adaptors: {} });
}

export function configs(): void {
  // @ts-expect-error an app has a name
  defineRelease({ repos: { main: { adapter } } });
  // @ts-expect-error a repo has an adapter
  defineRelease({ app: "blog", repos: { main: {} } });
  // @ts-expect-error an adapter is a value, not a name
  defineRelease({ app: "blog", repos: { main: { adapter: "sqlite" } } });
  // @ts-expect-error there is no other kind of lock
  defineRelease({ app: "blog", repos: { main: { adapter, lock: "pg_advisory_lock" } } });
  // @ts-expect-error hooks are recorded, not run
  defineRelease({ app: "blog", repos: { main: { adapter, afterBegin: "set role" } } });
}

export function migrations(): void {
  // @ts-expect-error a migration has no lock of its own
  defineMigration({ change() {}, lock: false });
  // @ts-expect-error transaction is true or false
  defineMigration({ change() {}, transaction: "none" });
  // @ts-expect-error there are two phases
  defineMigration({ change() {}, phase: "during" });
  // @ts-expect-error what is required is a data migration
  defineMigration({ change() {}, requires: { schema: 1 } });
  // @ts-expect-error SQL is recorded with m.execute
  defineMigration({ up: "create table posts (id int)" });
}

export function operations(m: MigrationBuilder): void {
  m.createTable("posts", (t) => {
    t.column("title", "string", { null: false, default: sql`''` });
    // @ts-expect-error a column has a type
    t.column("title");
    // @ts-expect-error there is no option nullable
    t.column("title", "string", { nullable: false });
    // @ts-expect-error a size is a number
    t.column("title", "string", { size: "20" });
    // @ts-expect-error there is no such action
    t.references("author_id", "users", { onDelete: "delete all" });
    // @ts-expect-error the columns are called insertedAt and updatedAt
    t.timestamps({ inserted_at: false });
  });
  // @ts-expect-error a table is described by a function
  m.createTable("posts");
  // @ts-expect-error there is no option if_not_exists
  m.createTable("posts", () => {}, { if_not_exists: true });
  // @ts-expect-error a rename says to what
  m.renameTable("posts", {});
  // @ts-expect-error the columns of an index are a list
  m.createIndex("posts", "title");
  // @ts-expect-error there is no option concurrent
  m.createIndex("posts", ["title"], { concurrent: true });
  // @ts-expect-error a constraint is of one kind
  m.createConstraint("posts", "positive", { check: "n > 0", unique: ["n"] });
  // @ts-expect-error SQL is text or has compile()
  m.execute(42);
  // @ts-expect-error the undoing is called down
  m.execute("select 1", { undo: "select 2" });
  // @ts-expect-error code is a function
  m.run("select 1");
}
