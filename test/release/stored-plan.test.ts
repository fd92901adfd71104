import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const users = defineMigration({
  change(m) {
    m.createTable("users", (t) => {
      t.id();
      t.column("name", "string");
    });
  },
});
const posts = defineMigration({
  change(m) {
    m.createTable("posts", (t) => t.id());
    m.createIndex("users", ["name"]);
  },
});

describe.each(databaseKinds)("the plan in the history, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  function release(migrations: MigrationsOption) {
    const heard = recorder();
    const defined = defineRelease({
      app: "app",
      version: "2.0.0",
      repos: { main: { adapter: database.adapter, migrations } },
    });
    return { ...heard, release: defined.using(heard.world) };
  }

  it("rolls back what this release does not contain", async () => {
    await release({ "1_users": users, "2_posts": posts }).release.migrate();
    const old = release({ "1_users": users });
    await old.release.migrationStatus();
    expect(old.output.join("").split("\n").slice(5)).toEqual([
      "  up        1               users",
      "  up        2               posts (not in this release)",
      "",
    ]);
    await old.release.rollback("main", 2);
    expect(await database.tables()).toEqual(["users"]);
    expect(old.lines[0]).toBe(
      "warning: repo main: 2_posts is not in this release; it is rolled back by the plan that the history keeps",
    );
    expect(old.lines).toContain("drop table posts");
  });

  it.runIf(kind !== "sqlite")("sends the rows of a COPY again", async () => {
    const down = "create table kept (id integer);\ncopy kept (id) from stdin;\n1\n2\n\\.\n";
    const kept = `-- migrate:up\nselect 1;\n-- migrate:down\n${down}`;
    await release({ "1_kept": kept }).release.migrate();
    await release({}).release.rollback("main", { step: 1 });
    expect(await database.query("select id from kept order by id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it.runIf(kind === "sqlite")("goes back without foreign keys where the file did", async () => {
    const rebuilt = (columns: string) =>
      `PRAGMA foreign_keys=OFF;\ncreate table n (${columns});\ninsert into n (id) select id from p;\ndrop table p;\nalter table n rename to p;\nPRAGMA foreign_keys=ON;\n`;
    const tables =
      "create table p (id integer primary key);\ncreate table c (p integer references p on delete cascade);\ninsert into p values (1);\ninsert into c values (1);";
    const back = rebuilt("id integer primary key");
    const again = `-- migrate:up\n${rebuilt("id integer primary key, n int")}\n-- migrate:down\n${back}`;
    await release({ "1_tables": tables, "2_again": again }).release.migrate();
    await release({ "1_tables": tables }).release.rollback("main", { step: 1 });
    expect(await database.query("select p from c")).toEqual([{ p: 1 }]);
  });

  it("says which release to use when the way back runs code", async () => {
    const withCode = defineMigration({
      up: (m) => m.run(() => undefined),
      down: (m) => m.run(() => undefined),
    });
    await release({ "1_users": users, "2_code": withCode }).release.migrate();
    const error = await failure(release({ "1_users": users }).release.rollback("main", 2));
    expect(error).toEqual({
      code: "not_in_release",
      message:
        "repo main: 2_code is applied, but this release cannot roll it back: its way back runs code",
      hint: "Roll it back with the release app 2.0.0, which ran it.",
    });
  });

  it("rolls back what ran when the file means something else now, unless told to take the file", async () => {
    await release({ "1_users": users }).release.migrate();
    const edited = defineMigration({
      up: (m) => m.execute("create table other (id integer)"),
      down: (m) => m.execute("select 1"),
    });
    const changed = release({ "1_users": edited });
    await changed.release.rollback("main", 1);
    expect(await database.tables()).toEqual([]);
    expect(changed.lines[0]).toContain("1_users is not what ran; what ran is rolled back");

    await release({ "1_users": users }).release.migrate();
    await changed.release.rollback("main", 1, { fromFiles: true });
    expect(await database.tables()).toEqual(["users"]);
  });

  it("refuses to go on when the meaning of an applied migration was edited, and shows the difference", async () => {
    await release({ "1_users": "create table users (id integer)" }).release.migrate();
    const edited = {
      "1_users": "create table users (id bigint)",
      "2_more": "create table more (id integer)",
    };
    const error = await failure(release(edited).release.migrate());
    expect(error?.code).toBe("migration_edited");
    expect(error?.message.split("\n")).toEqual([
      "repo main: 1_users has run, and says something else now",
      "  - create table users (id integer)",
      "  + create table users (id bigint)",
    ]);
    expect(await database.tables()).toEqual(["users"]);
    await release(edited).release.migrate({ allowEdited: true });
    expect(await database.tables()).toEqual(["more", "users"]);
  });

  it("only warns when the text was edited and the meaning is the same", async () => {
    await release({ "1_users": "create table users (id integer)" }).release.migrate();
    const reformatted = {
      "1_users": "-- a licence\nCREATE TABLE users (\n  id integer\n);",
      "2_more": "create table more (id integer)",
    };
    const second = release(reformatted);
    await second.release.migrate();
    expect(second.lines[0]).toBe(
      "warning: repo main: 1_users was edited after it ran, in its looks only",
    );
    expect(await database.tables()).toEqual(["more", "users"]);
  });

  it("takes over the history of Ecto as it is, and completes its table", async () => {
    const time = kind === "sqlite" ? "text" : "timestamp(0)";
    await database.query(
      `create table schema_migrations (version bigint primary key, inserted_at ${time})`,
    );
    await database.query("insert into schema_migrations values (1, '2021-07-18 15:33:39')");
    const taken = release({
      "1_users": "create table users (id integer)",
      "2_more": "create table more (id integer)",
    });
    const [status] = await taken.release.migrationStatus();
    expect(status?.migrations.map((row) => row.status)).toEqual(["up", "down"]);
    await taken.release.migrate();
    const rows = await database.query(
      "select cast(version as text) as version, name from schema_migrations order by 1",
    );
    expect(rows).toEqual([
      { version: "1", name: null },
      { version: "2", name: "more" },
    ]);
    expect(await database.tables()).toEqual(["more"]);
  });
});

async function failure(
  work: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string } | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!isReleaseError(error)) throw error;
    const { code, message, hint } = error;
    return { code, message, hint };
  }
}
