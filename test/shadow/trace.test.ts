/** What a statement does, seen on a shadow: each lock, scan and rewrite is PostgreSQL's own. */
import { describe, expect, inject, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type MigrationDefinition, sql } from "../../src/index.ts";
import { traceRelease } from "../../src/shadow/trace/trace-release.ts";
import type { TracedStatement } from "../../src/shadow/trace/traced.ts";

const posts = defineMigration({
  change(m) {
    m.createTable("users", (t) => t.id());
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string");
      t.column("views", "integer");
      t.references("user_id", "users");
    });
  },
});

type Options = { readonly shadowUrl: string | undefined; readonly rows?: number };

async function traceOf(change: NonNullable<MigrationDefinition["up"]>, options: Options) {
  const release = defineRelease({
    app: "app",
    repos: {
      main: {
        // Never opened: the shadow takes its place.
        adapter: pglite({ dataDir: "/nowhere" }),
        migrations: { "1_posts": posts, "2_change": { up: change, down: () => undefined } },
      },
    },
  });
  return traceRelease(release, {
    ...options,
    repo: "main",
    wanted: new Set(["2"]),
    now: () => performance.now(),
  });
}

/** One line for a statement: what it does, and whom it stops. */
function line(one: TracedStatement): string {
  const locks = one.locks
    .filter(({ isNew, kind }) => !isNew && kind === "table")
    .map(({ mode, on }) => `${mode} on ${on}`);
  return [one.takes, ...locks].join(", ");
}

it("leaves nothing behind on the server", async () => {
  const url = inject("postgresUrl");
  await traceOf((m) => m.createIndex("nothing", ["title"]), { shadowUrl: url });
  const session = await postgres({ url }).open({ role: "work", application: "test" });
  try {
    const left = await session.query(
      "select datname from pg_database where datname like 'slipway_shadow_%'",
    );
    expect(left).toEqual([]);
  } finally {
    await session.close();
  }
});

describe.each(["a PGlite", "a server"] as const)("on %s", (place) => {
  const shadowUrl = place === "a server" ? inject("postgresUrl") : undefined;
  const lines = async (change: NonNullable<MigrationDefinition["up"]>) => {
    const trace = await traceOf(change, { shadowUrl, rows: 50 });
    expect(trace).toMatchObject({ failed: undefined, replayed: 1 });
    return trace.statements.map(line);
  };

  it("sees locks, scans, rewrites and builds", { timeout: 120_000 }, async () => {
    const seen = await lines((m) => {
      m.createIndex("posts", ["title"]);
      m.createConstraint("posts", "short", { check: "length(title) < 100" });
      m.createConstraint("posts", "later", { check: "views >= 0", validate: false });
      m.createConstraint("posts", "author", {
        foreignKey: { columns: ["user_id"], table: "users" },
      });
      m.alterTable("posts", (t) => t.add("seen_at", "utc_datetime", { default: sql`now()` }));
      m.alterTable("posts", (t) => t.add("token", "uuid", { default: sql`gen_random_uuid()` }));
      m.createTable("tags", (t) => t.references("post_id", "posts"));
      m.createIndex("tags", ["post_id"]);
      m.execute("update posts set views = 0");
      m.dropTable("tags");
    });
    expect(seen).toEqual(
      [
        "builds an index, SHARE on public.posts",
        "reads every row, ACCESS EXCLUSIVE on public.posts",
        "a moment",
        "reads every row, SHARE ROW EXCLUSIVE on public.users",
        "a moment",
        "rewrites the table",
        "a moment",
        "a moment",
        "reads every row",
        "a moment, ACCESS EXCLUSIVE on public.users",
      ].with(9, seen[9]!),
    );
  });

  it("shows that a safe form stops nobody for longer than a moment", {
    timeout: 120_000,
  }, async () => {
    const seen = await lines((m) => {
      m.addCheck("posts", "short", "length(title) < 100");
      m.setNotNullSafely("posts", "title");
      m.addForeignKey("posts", { columns: ["user_id"], table: "users", name: "author" });
      m.addUniqueConstraint("posts", ["title"]);
      m.addColumnWithBackfill("posts", "slug", "string", { fill: sql`lower(title)`, null: false });
    });
    const long = seen.filter((each) => !each.startsWith("a moment"));
    expect(long.filter((each) => /ACCESS EXCLUSIVE|SHARE ROW|, SHARE on/.test(each))).toEqual([]);
    expect(long).toEqual([
      "reads every row, SHARE UPDATE EXCLUSIVE on public.posts",
      "reads every row, SHARE UPDATE EXCLUSIVE on public.posts",
      "reads every row, SHARE UPDATE EXCLUSIVE on public.posts, ROW SHARE on public.users",
      place === "a server"
        ? "builds an index, SHARE UPDATE EXCLUSIVE on public.posts"
        : "builds an index",
      "reads every row, ROW EXCLUSIVE on public.posts",
      "reads every row, SHARE UPDATE EXCLUSIVE on public.posts",
    ]);
  });

  it("says what is held from before, and which statement fails", { timeout: 120_000 }, async () => {
    const { statements, failed } = await traceOf(
      (m) => {
        m.alterTable("posts", (t) => t.add("a", "integer"));
        m.createIndex("posts", ["title"]);
        m.createIndex("posts", ["nothing"]);
      },
      { shadowUrl },
    );
    expect(
      statements.map(({ transaction, held, failed }) => ({
        transaction,
        held: held.map(({ mode }) => mode),
        failed,
      })),
    ).toEqual([
      { transaction: 2, held: [], failed: undefined },
      { transaction: 2, held: ["ACCESS EXCLUSIVE"], failed: undefined },
      { transaction: 2, held: ["ACCESS EXCLUSIVE"], failed: 'column "nothing" does not exist' },
    ]);
    expect(failed).toMatchObject({ code: "migration_failed" });
  });

  it("says where the rules and the trace differ", { timeout: 120_000 }, async () => {
    const { statements } = await traceOf(
      (m) => {
        m.createConstraint("posts", "short", { check: "length(title) < 100" });
        // What is put together when it runs, no rule can read.
        m.execute(
          "do $$ begin execute format('alter table %I alter title type varchar(20)', 'posts'); end $$",
        );
      },
      { shadowUrl, rows: 5 },
    );
    expect(statements.map(({ rules, disagrees }) => ({ rules, disagrees }))).toEqual([
      { rules: ["add-check-scan"], disagrees: undefined },
      {
        rules: [],
        disagrees:
          "no rule speaks of it, but readers and writers of public.posts wait while it rewrites the table",
      },
    ]);
  });
});
