/** What a migration does to all tables, policies and triggers, does not reach Slipway's own. */
import { defineMigration, defineRelease, type MigrationsOption } from "slipway";
import { postgres } from "slipway/postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shieldSql } from "../../src/adapters/postgres/shield-sql.ts";
import { ownTables } from "../../src/engine/own-tables.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("postgres");
});
afterEach(() => database.dispose());

const each = (body: string) =>
  `DO $$ DECLARE t record; BEGIN FOR t IN SELECT schemaname AS s, tablename AS n FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LOOP ${body} END LOOP; END $$;`;
const policies = each(
  "EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', t.s, t.n); EXECUTE format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', t.s, t.n);",
);
const trigger = (body: string) =>
  `CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN ${body} END $f$;\n${each(
    "EXECUTE format('CREATE TRIGGER seen BEFORE INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW EXECUTE FUNCTION public.seen()', t.s, t.n);",
  )}`;
const noTrigger = each("EXECUTE format('DROP TRIGGER IF EXISTS seen ON %I.%I', t.s, t.n);");
const event = (body: string) =>
  `CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $f$ DECLARE o record; BEGIN ${body} END $f$;\nCREATE EVENT TRIGGER on_ddl ON ddl_command_end EXECUTE FUNCTION on_ddl();`;
const refusing = "RAISE EXCEPTION 'not here';";

/** SQL of the second migration of four; the third is in no transaction. */
const cases: { readonly [name: string]: string } = {
  "row level security, forced": policies,
  "a trigger that refuses": trigger(refusing),
  "a trigger that drops the row": trigger("RETURN NULL;"),
  "a function that does it, called": `CREATE FUNCTION watch() RETURNS void LANGUAGE plpgsql AS $w$ BEGIN ${trigger(refusing).replaceAll("'", "''").replace(/^/, "EXECUTE '").replace(/;$/, "'")}; END $w$;\nSELECT watch();`,
  "a trigger, outside of a transaction": `-- slipway: transaction=false\n${trigger(refusing)}\nSELECT 1;`,
  "an event trigger that refuses new tables": event(
    `IF tg_tag = 'CREATE TABLE' THEN ${refusing} END IF;`,
  ),
  "an event trigger that puts a trigger on new tables": `CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN ${refusing} END $f$;\n${event(
    "FOR o IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP EXECUTE format('CREATE TRIGGER seen BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION public.seen()', o.object_identity); END LOOP;",
  )}`,
};

/** The owner of the schema, to whom forced policies apply; event triggers are a superuser's. */
async function adapterOf(name: string) {
  if (name.startsWith("an event")) return database.adapter;
  await database.query("DROP ROLE IF EXISTS all_tables_owner").catch(() => undefined);
  await database.query(
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'all_tables_owner') THEN CREATE ROLE all_tables_owner LOGIN PASSWORD 'x'; END IF; END $$",
  );
  await database.query("GRANT ALL ON SCHEMA public TO all_tables_owner");
  const address = /@?([^@/]+)\/(\w+)$/.exec(database.adapter.describe())!;
  return postgres({ url: `postgres://all_tables_owner:x@${address[1]}/${address[2]}` });
}

function releaseOf(adapter: TestDatabase["adapter"], migrations: MigrationsOption) {
  return defineRelease({
    app: "blog",
    repos: { main: { adapter, migrations, safe: "off" } },
  }).using({ emit: () => undefined, write: () => undefined });
}

describe("on PostgreSQL", () => {
  it.each(Object.entries(cases))("%s", async (name, sql) => {
    const adapter = await adapterOf(name);
    const migrations = {
      "1_a": "CREATE TABLE a (id int);",
      "2_all": `-- migrate:up\n${sql}\n-- migrate:down\n${noTrigger}`,
      "3_index": "CREATE INDEX CONCURRENTLY a_id ON a (id);",
      "4_b": "CREATE INDEX b_id ON a (id);",
    };
    const release = releaseOf(adapter, migrations);
    for (const version of ["1", "2", "3", "4"]) {
      const [outcome] = await release.migrate({ step: 1 });
      expect(outcome?.migrations.map((one) => one.version)).toEqual([version]);
    }
    const [status] = await release.migrationStatus();
    expect(status?.migrations.map((one) => one.status)).toEqual(["up", "up", "up", "up"]);
    const [{ events = [] } = {}] = await release.history();
    expect(events.map((one) => one.result)).toEqual(Array(4).fill("applied"));
    expect(await release.migrate()).toMatchObject([{ migrations: [] }]);
  });

  it.each([
    ["row level security, forced", policies],
    ["a trigger that refuses", trigger(refusing)],
  ])("%s, by code outside of a transaction that fails behind it", async (_, sql) => {
    const adapter = await adapterOf("");
    const release = releaseOf(adapter, {
      "1_a": "CREATE TABLE a (id int);",
      "2_all": defineMigration({
        transaction: false,
        up: (m) =>
          m.run(async (db) => {
            await db.execute(sql);
            throw new Error("no such service");
          }),
        down: () => undefined,
      }),
    });
    await expect(release.migrate()).rejects.toThrow("no such service");
    const [status] = await release.migrationStatus();
    expect(status?.migrations.map((one) => one.status)).toEqual(["up", "down"]);
    const [{ events = [] } = {}] = await release.history();
    expect(events.map((one) => one.result)).toEqual(["failed", "applied"]);
  });

  it("what was meant is on all others, and its way back finds what it made", async () => {
    const adapter = await adapterOf("");
    const back = each("EXECUTE format('DROP TRIGGER IF EXISTS seen ON %I.%I', t.s, t.n);");
    const release = releaseOf(adapter, {
      "1_a": "CREATE TABLE a (id int);",
      "2_all": `-- migrate:up\n${trigger(refusing)}\n-- migrate:down\n${back}DROP FUNCTION seen();`,
    });
    await release.migrate();
    const triggers = () =>
      database.query(
        "SELECT tgrelid::regclass::text AS t, tgenabled::text AS e FROM pg_trigger WHERE tgname = 'seen' ORDER BY 1",
      );
    const found = await triggers();
    expect(found.find(({ t }) => t === "a")).toEqual({ t: "a", e: "O" });
    expect(found.filter(({ e }) => e === "D").map(({ t }) => t)).toEqual([
      "schema_migrations",
      "slipway_events",
      "slipway_lock",
    ]);
    await release.rollback("main", 2);
    expect(await triggers()).toEqual([]);
  });

  it("a table of the user's keeps its own, whatever its name begins with", async () => {
    const adapter = await adapterOf("");
    const release = releaseOf(adapter, {
      "1_a":
        "CREATE TABLE slipway_berths (id int); ALTER TABLE slipway_berths ENABLE ROW LEVEL SECURITY; ALTER TABLE slipway_berths FORCE ROW LEVEL SECURITY;",
      "2_all": trigger(refusing),
    });
    await release.migrate();
    const [berths] = await database.query(
      "SELECT c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, g.tgenabled::text AS e FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid WHERE c.relname = 'slipway_berths'",
    );
    expect(berths).toEqual({ enabled: true, forced: true, e: "O" });
  });

  it("row level security that hides nothing from the owner stays on", async () => {
    const adapter = await adapterOf("");
    const release = releaseOf(adapter, {
      "1_a": "CREATE TABLE a (id int);",
      "2_seen": trigger("RETURN NEW;"),
      "3_b": "CREATE TABLE b (id int);",
    });
    await release.migrate({ step: 1 });
    await database.query("ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY");
    await release.migrate();
    const [history] = await database.query(
      "SELECT relrowsecurity AS enabled FROM pg_class WHERE relname = 'schema_migrations'",
    );
    expect(history).toEqual({ enabled: true });
    expect(await release.migrate()).toMatchObject([{ migrations: [] }]);
  });

  it("the history of data migrations, and another repo's, are ours too", async () => {
    const adapter = await adapterOf("");
    const of = (all: string) =>
      defineRelease({
        app: "blog",
        repos: {
          main: {
            adapter,
            migrations: { "1_a": "CREATE TABLE a (id int);", "2_all": all },
            dataMigrations: { "1_x": "SELECT 1;", "2_y": "SELECT 2;" },
            safe: "off",
          },
          other: {
            adapter,
            migrations: { "1_b": "CREATE TABLE b (id int);", "2_c": "CREATE TABLE c (id int);" },
            historyTable: "other_migrations",
          },
        },
      }).using({ emit: () => undefined, write: () => undefined });
    const release = of(trigger("RETURN NULL;"));
    await release.migrate({ step: 1 });
    await release.migrateData({ step: 1 });
    await release.migrate({ repo: "main" });
    await release.migrateData({ repo: "main" });
    await release.migrate();
    expect(await release.migrateData()).toMatchObject([{ migrations: [] }, { migrations: [] }]);
    expect(await release.migrate()).toMatchObject([{ migrations: [] }, { migrations: [] }]);
  });

  it("knows each table of ours by its name", () => {
    const names = ownTables({ name: "h" }).map(({ table }) => table.name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of [...names.slice(1), "slipway_lock"])
      expect(shieldSql({ name: "h" })).toContain(`'${name}'`);
  });
});
