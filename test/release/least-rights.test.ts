/** A migrator with the rights that `tables --sql` prints and no others, on servers with users. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, isReleaseError, type Release } from "../../src/index.ts";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

const migrations = {
  "1_users": defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) }),
  "2_index": defineMigration({
    change: (m) => {
      m.createIndex("users", ["id"], { concurrently: true, name: "users_again" });
    },
  }),
};

function releaseOn(adapter: Parameters<typeof defineRelease>[0]["repos"][string]["adapter"]) {
  const { world } = recorder();
  const main = { adapter, migrations, safe: "off" as const, lockWaitMs: 0 };
  return defineRelease({ app: "app", repos: { main } }).using(world);
}

async function statements(release: Release, users: object): Promise<readonly string[]> {
  const [tables] = await release.tables(users);
  return [...(tables?.create ?? []), ...(tables?.grants ?? []).map(({ sql }) => sql)];
}

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isReleaseError(error)) throw error ?? new Error("nothing was refused");
  const { code, message, hint, exitCode } = error;
  return { code, message, hint, exitCode };
}

describe("on PostgreSQL", () => {
  const tag = randomBytes(4).toString("hex");
  const users = { migrator: `m_${tag}`, app: `a_${tag}`, reader: `r_${tag}` };
  const owner = `o_${tag}`;
  let database: FreshDatabase;
  let client: pg.Client;

  function as(user: string): string {
    const url = new URL(database.url);
    url.username = user;
    url.password = "sesame";
    return url.href;
  }

  beforeAll(async () => {
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    for (const name of Object.values(users))
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'sesame'`);
    await client.query(`CREATE ROLE ${owner}`);
    await client.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
    const server = new pg.Client({ connectionString: inject("postgresUrl") });
    await server.connect();
    await server.query(`DROP ROLE ${[...Object.values(users), owner].join(", ")}`);
    await server.end();
  });

  it("whoever may make no table hears which ones a DBA must make, before anything ran", async () => {
    const release = releaseOn(postgres({ url: as(users.migrator) }));
    const missing = "schema_migrations, slipway_events, slipway_lock, slipway_journal";
    expect(await refusal(release.migrate())).toEqual({
      code: "setup_refused",
      message: `repo main: cannot use the tables of Slipway: ${missing} are missing, and ${users.migrator} may not make tables in the schema public`,
      hint: `Let a DBA run what slipway tables --sql prints, which makes ${missing}. Or: GRANT CREATE ON SCHEMA public TO ${users.migrator};`,
      exitCode: 2,
    });
  });

  it("with what tables --sql prints, the migrator migrates, the reader looks and the app asks", async () => {
    const release = releaseOn(postgres({ url: as(users.migrator) }));
    for (const sql of await statements(release, users)) await client.query(sql);
    await release.migrate();
    await release.rollback("main", 2);
    await release.migrate();
    const reader = releaseOn(postgres({ url: as(users.reader) }));
    expect((await reader.verify())[0]?.relation).toBe("same");
    expect((await reader.history())[0]?.events).toHaveLength(4);
    expect(await reader.backfills.list()).toEqual([]);
    const app = releaseOn(postgres({ url: as(users.app) }));
    await app.assertMigrated();
    const [seen] = await app.migrationStatus();
    expect(seen?.migrations.map(({ status }) => status)).toEqual(["up", "up"]);
    expect(await refusal(app.history())).toMatchObject({
      message: "repo main: cannot read slipway_events: permission denied for table slipway_events",
      exitCode: 2,
    });
    expect((await refusal(app.rollback("main", 1))).message).toMatch(
      /cannot use the tables of Slipway: a_\w+ may not read and write schema_migrations, /,
    );
  });

  it("without the right to look at other connections, the same", async () => {
    await client.query("REVOKE SELECT ON pg_stat_activity FROM PUBLIC");
    const release = releaseOn(postgres({ url: as(users.migrator) }));
    await release.rollback("main", 1);
    await release.migrate();
    expect((await client.query("select version from schema_migrations")).rows).toHaveLength(2);
    await client.query("GRANT SELECT ON pg_stat_activity TO PUBLIC");
  });

  it("a policy on the history never hides what has run: it is refused by name", async () => {
    await client.query("ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY");
    const release = releaseOn(postgres({ url: as(users.migrator) }));
    for (const look of [() => release.migrationStatus(), () => release.migrate()])
      expect(await refusal(look())).toMatchObject({
        code: "history_unreadable",
        hint: expect.stringMatching(/^Take the policy off it.*DISABLE ROW LEVEL SECURITY/),
      });
    await client.query("ALTER TABLE schema_migrations DISABLE ROW LEVEL SECURITY");
    await release.migrationStatus();
  });

  it("as the role of the adapter: its tables belong to the owner, also behind a RESET ROLE", async () => {
    await client.query(`GRANT ${owner} TO ${users.migrator}`);
    await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`);
    const own = { ...users, migrator: owner };
    const adapter = postgres({ url: as(users.migrator), role: owner });
    for (const sql of await statements(releaseOn(adapter), own)) await client.query(sql);
    const workers: object[] = [];
    const more = {
      ...migrations,
      "3_more": "create table more (id int); reset role; create table even_more (id int)",
      "4_last": "create table last (id int)",
      "5_look": defineMigration({
        up: (m) =>
          m.run(async (db) => {
            workers.push(...(await db.query<object>("select worker from slipway_lock")));
          }),
      }),
    };
    const { world } = recorder();
    const main = { adapter, migrations: more, safe: "off" as const };
    await defineRelease({ app: "app", repos: { main } }).using(world).migrate();
    const { rows } = await client.query(
      "select tablename, tableowner from pg_tables where tablename in ('more', 'even_more', 'last') order by 1",
    );
    expect(rows.map((row) => row.tableowner)).toEqual([owner, owner, owner]);
    // The login sees its own connection, which the role could not, so the next holder can end it.
    expect(workers).toEqual([{ worker: expect.stringMatching(/^\d+@[\d.]+$/) }]);
    const lock = await client.query("select worker from slipway_lock");
    expect(lock.rows).toEqual([{ worker: null }]);
  });

  it("a role that is not there, or not the user's to be, is named with its grant", async () => {
    const nobody = releaseOn(postgres({ url: as(users.app), role: owner }));
    expect(await refusal(nobody.migrate())).toMatchObject({
      code: "connection_failed",
      hint: `Make the role "${owner}", and let ${users.app} be it: GRANT "${owner}" TO "${users.app}";`,
      exitCode: 2,
    });
  });

  it("through a pooler in transaction mode the role is refused by name, and ALTER ROLE does it", async () => {
    const pooler = await startPgbouncer(as(users.migrator));
    if (pooler === undefined) return;
    try {
      const url = new URL(as(users.migrator));
      url.host = new URL(pooler.url).host;
      const named = releaseOn(postgres({ url: url.href, role: owner }));
      expect(await refusal(named.migrate())).toMatchObject({
        code: "connection_failed",
        hint: expect.stringContaining(
          `ALTER ROLE "${users.migrator}" SET role = "${owner}"; or give directUrl`,
        ),
      });
      await client.query(`ALTER ROLE ${users.migrator} SET role = ${owner}`);
      const main = {
        adapter: postgres({ url: url.href }),
        migrations: { "9_pooled": "create table pooled (id int)" },
      };
      await defineRelease({ app: "app", repos: { main } }).using(recorder().world).migrate();
      const { rows } = await client.query(
        "select tableowner from pg_tables where tablename = 'pooled'",
      );
      expect(rows).toEqual([{ tableowner: owner }]);
    } finally {
      await client.query(`ALTER ROLE ${users.migrator} RESET role`);
      await pooler.stop();
    }
  });
});

const mariadb = await mariadbOfFile();

describe.skipIf(mariadb === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;
  let granter: Session;
  const users = {
    migrator: "migrator@127.0.0.1",
    app: "app@127.0.0.1",
    reader: "reader@127.0.0.1",
  };

  function as(user: string) {
    const url = new URL(database.url);
    url.username = user;
    url.password = "sesame";
    return mysql({ url: url.href });
  }

  beforeAll(async () => {
    database = await freshMysql(mariadb?.url ?? "");
    const url = new URL(mariadb?.url ?? "");
    url.pathname = new URL(database.url).pathname;
    granter = await mysql({ url: url.href }).open({ role: "work", application: "test" });
    for (const name of ["migrator", "app", "reader"])
      await granter.query(`CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY 'sesame'`);
    await granter.query(
      `GRANT SELECT ON ${new URL(database.url).pathname.slice(1)}.* TO migrator@'127.0.0.1'`,
    );
  });
  afterAll(async () => {
    await granter.close();
    await database.dispose();
  });

  it("whoever may make no table hears which are missing, and the grant, before anything runs", async () => {
    const db = new URL(database.url).pathname.slice(1);
    const tables = "schema_migrations, slipway_events, slipway_lock, slipway_journal";
    expect(await refusal(releaseOn(as("migrator")).migrate())).toEqual({
      code: "setup_refused",
      message: `repo main: cannot use the tables of Slipway: ${tables} are missing or hidden, and 'migrator'@'127.0.0.1' may not make tables in the database \`${db}\``,
      hint: `Let a DBA run what slipway tables --sql prints, which makes ${tables}. Or: GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON \`${db}\`.* TO 'migrator'@'127.0.0.1';`,
      exitCode: 2,
    });
  });

  it("needs no more than the tables, and hears the grant of each", async () => {
    const main = {
      adapter: as("worker"),
      migrations: { "1_w": "insert into words values ('a')" },
    };
    const release = defineRelease({ app: "app", repos: { main } }).using(recorder().world);
    const [own] = await release.tables();
    const db = new URL(database.url).pathname.slice(1);
    for (const sql of own?.create ?? []) await granter.query(sql);
    await granter.query("CREATE TABLE words (word varchar(9))");
    await granter.query("CREATE USER worker@'127.0.0.1' IDENTIFIED BY 'sesame'");
    await granter.query(`GRANT INSERT, SELECT ON ${db}.* TO worker@'127.0.0.1'`);
    const refused = await refusal(release.migrate());
    expect(refused).toMatchObject({
      code: "setup_refused",
      message: expect.stringContaining("may not read and write schema_migrations, slipway_events"),
    });
    // What is not the database's as a whole may be in a role, which only the server knows.
    await granter.query("CREATE ROLE writers");
    for (const sql of refused.hint.split(/(?<=;) /))
      await granter.query(sql.replace("'worker'@'127.0.0.1'", "writers"));
    await granter.query("GRANT writers TO worker@'127.0.0.1'");
    await granter.query("SET DEFAULT ROLE writers FOR worker@'127.0.0.1'");
    await release.migrate();
    expect(await granter.query("select word from words")).toEqual([{ word: "a" }]);
    await granter.query("REVOKE writers FROM worker@'127.0.0.1'");
    for (const sql of refused.hint.split(/(?<=;) /)) await granter.query(sql);
    await release.rollback("main", 1).catch(() => undefined);
    const [{ tables = "" } = {}] = await granter.query(
      "SELECT group_concat(table_name) AS tables FROM information_schema.tables WHERE table_schema = database()",
    );
    for (const name of String(tables).split(",")) await granter.query(`DROP TABLE ${name}`);
  });

  it("with what tables --sql prints, the migrator migrates, the reader looks and the app asks", async () => {
    const release = releaseOn(as("migrator"));
    for (const sql of await statements(release, users)) await granter.query(sql);
    await release.migrate();
    await release.rollback("main", 2);
    await release.migrate();
    const reader = releaseOn(as("reader"));
    expect((await reader.verify())[0]?.relation).toBe("same");
    expect((await reader.history())[0]?.events).toHaveLength(4);
    await releaseOn(as("app")).assertMigrated();
    expect((await refusal(releaseOn(as("app")).history())).exitCode).toBe(2);
  });
});
