/** Conformance 57, 65–67: the SQL that a run logs when it is asked to. */
import { defineMigration, type RunEvent } from "slipway";
import { expect, it } from "vitest";
import { type DatabaseKind, databaseKinds, pooled } from "../support/databases.ts";
import { describeOn, releaseOn, tables } from "./support/release.ts";

const allSql = { logMigrationsSql: true, logMigratorSql: true, log: false };

/** A statement in a few words: of a migration's what stands before a parenthesis. */
function short(event: RunEvent): string {
  if (event.type !== "sql") return event.type;
  const { sql, by } = event;
  const [word = ""] = sql.split(" ", 1);
  if (by === "migration") return sql.replace(/ \(.*/s, "");
  if (/^(SET|RESET)\b.*\b(lock_timeout|statement_timeout)/.test(sql)) return "lock policy";
  if (/slipway_lock|^SET LOCAL /.test(sql)) return "proof of the lock";
  if (/slipway_journal/.test(sql)) return "journal";
  if (/slipway_events/.test(sql)) return `${word} slipway_events`;
  return /schema_migrations/.test(sql) ? `${word} schema_migrations` : word;
}

/** Every statement that was logged since the last call, in short; equal neighbours are one. */
function said(events: RunEvent[]): readonly string[] {
  const words = events.splice(0).map(short);
  return words.filter((word, i) => word !== words[i - 1]);
}

/** SQLite has one lock for the whole file. */
const policy = (kind: DatabaseKind) => (kind === "sqlite" ? [] : ["lock policy"]);

/** Nobody can take the lock of a PGlite away, so there is nothing to prove. */
const proof = (kind: DatabaseKind) => (kind === "pglite" ? [] : ["proof of the lock"]);

describeOn(databaseKinds, (database, kind) => {
  const posts = tables("10_posts");

  it("65, ours: one transaction with the migration, its row and its event, which proves that the lock is still held", async () => {
    const { release, events } = releaseOn(database(), posts);
    await release.migrate(allSql);
    expect(said(events)).toEqual([
      "CREATE schema_migrations",
      "CREATE slipway_events",
      "BEGIN",
      ...policy(kind),
      ...proof(kind),
      'CREATE TABLE "posts"',
      "INSERT schema_migrations",
      "INSERT slipway_events",
      "COMMIT",
    ]);
    await release.rollback("main", 10, allSql);
    expect(said(events)).toEqual([
      "BEGIN",
      ...policy(kind),
      ...proof(kind),
      'DROP TABLE "posts"',
      "DELETE schema_migrations",
      "INSERT slipway_events",
      "COMMIT",
    ]);
  });

  it("57, ours: the migrator's own SQL is told apart from a migration's", async () => {
    const { release, events } = releaseOn(database(), posts);
    await release.migrate(allSql);
    const own = events.filter((event) => event.type === "sql" && event.by === "migrator");
    expect(events.length - own.length).toBe(1);
    expect(said(own)).toEqual([
      "CREATE schema_migrations",
      "CREATE slipway_events",
      "BEGIN",
      ...policy(kind),
      ...proof(kind),
      "INSERT schema_migrations",
      "INSERT slipway_events",
      "COMMIT",
    ]);
  });

  it("67: by default no SQL is logged", async () => {
    const { release, events } = releaseOn(database(), tables("10_posts"));
    await release.migrate();
    expect(events.map((event) => event.type)).toEqual([
      "migration_started",
      "operation",
      "migration_finished",
    ]);
  });

  it("67: the two SQL logs are switched on apart", async () => {
    const { release, events } = releaseOn(database(), tables("10_posts", "11_users"));
    await release.migrate({ step: 1, logMigrationsSql: true, log: false });
    expect(events.splice(0).map((event) => event.type === "sql" && event.by)).toEqual([
      "migration",
    ]);
    await release.migrate({ logMigratorSql: true, log: false });
    expect(new Set(events.map((event) => event.type === "sql" && event.by))).toEqual(
      new Set(["migrator"]),
    );
  });
});

describeOn(["pglite", "postgres"], (database, kind) => {
  it("66, ours: an index that is built concurrently stands in no transaction; the row has its own", async () => {
    const { release, events } = releaseOn(database(), {
      ...tables("10_posts"),
      "11_index": defineMigration({
        change: (m) => m.createIndex("posts", ["id"], { concurrently: true }),
      }),
    });
    await release.migrate({ step: 1 });
    events.length = 0;
    await release.migrate(allSql);
    const words = said(events);
    const own = words.indexOf('CREATE INDEX CONCURRENTLY "posts_id_index" ON "posts"');
    // Nothing else waits in a PGlite, and behind a pooler the connection is not ours to set.
    const set = kind === "pglite" || pooled ? [] : ["lock policy"];
    const around = ["COMMIT", ...set, words[own], ...set, "BEGIN"];
    expect(words.slice(own - set.length - 1, own + set.length + 2)).toEqual(around);
    const row = words.indexOf("INSERT schema_migrations");
    expect(row).toBeGreaterThan(own);
    expect(words.lastIndexOf("BEGIN")).toBeLessThan(row);
    expect(words.at(-1)).toBe("COMMIT");
  });
});
