/** A new tenant with many migrations behind it is a copy of those that have them, and equal to them. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineMigration, type MigrationsOption } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { addColumn, addTenants, dropSchemas, fleetRelease, posts } from "./support.ts";

const sql = (text: string) =>
  defineMigration({ up: (m) => m.execute(text), down: (m) => m.execute("SELECT 1") });

const columns = Object.fromEntries(
  Array.from({ length: 25 }, (_, i) => [`${20 + i}_column`, addColumn(`column_${i}`)]),
);

/** All that a schema has that a name may hide in. */
const all: MigrationsOption = {
  "10_posts": posts,
  "11_kind": sql("CREATE TYPE kind AS ENUM ('acme', 'other')"),
  "12_serial": sql(
    "CREATE TABLE tags (id serial PRIMARY KEY, kind text, post bigint REFERENCES posts)",
  ),
  "13_view": sql(
    "CREATE VIEW named AS SELECT posts.id, tags.kind FROM posts JOIN tags ON tags.post = posts.id",
  ),
  "14_function": sql(
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.kind := 'touched'; RETURN NEW; END $$",
  ),
  "15_trigger": sql(
    "CREATE TRIGGER touch BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION touch()",
  ),
  "16_index": sql("CREATE INDEX tags_by_kind ON tags (lower(kind)) WHERE kind <> ''"),
  "17_users": sql("ALTER TABLE posts ADD author bigint REFERENCES public.authors"),
  ...columns,
};

describe.each(["pglite", "postgres"] as const)("a copied tenant, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(dropSchemas);
    await database.query("CREATE TABLE IF NOT EXISTS public.authors (id bigint PRIMARY KEY)");
    await addTenants((text) => database.query(text), ["tenant_one", "tenant_two"]);
  });
  afterEach(() => database.dispose());

  /** What its catalog says, without its name. */
  const catalogOf = async (tenant: string) => {
    const { postgresCatalog } = await import(
      "../../src/adapters/postgres/catalog/postgres-catalog.ts"
    );
    const session = await database.adapter.open({ role: "work", application: "test" });
    try {
      const found = await postgresCatalog.within!(tenant).read((text) => session.query(text));
      const here = found.objects.filter(({ id }) => id.includes(`${tenant}.`));
      return JSON.stringify(here).replaceAll(`\\"${tenant}\\"`, "IT").replaceAll(tenant, "IT");
    } finally {
      await session.close();
    }
  };
  /** The statements that made a schema. */
  const makes = async (migrations: MigrationsOption, tenant: string) => {
    const opened: string[] = [];
    const adapter = {
      ...database.adapter,
      open: async (...given: Parameters<typeof database.adapter.open>) => {
        const session = await database.adapter.open(...given);
        const { execute } = session;
        session.execute = (statements) => {
          opened.push(...statements.map(({ sql: text }) => text));
          return execute.call(session, statements);
        };
        return session;
      },
    };
    const { release } = fleetRelease({ adapter }, migrations);
    expect(await release.createTenant("main", tenant)).toMatchObject({ status: "created" });
    return opened;
  };
  const isCopied = (statements: readonly string[]) =>
    !statements.some((text) => text.includes('ADD COLUMN "column_3"'));

  it("is made in one piece and has what the others have, its history too", async () => {
    const { release } = fleetRelease(database, all);
    await release.migrate();
    expect(isCopied(await makes(all, 'o"neil x'))).toBe(true);
    expect(isCopied(await makes(all, "bolt"))).toBe(true);
    expect(await catalogOf("bolt")).toBe(await catalogOf("tenant_one"));
    const rows = (tenant: string) =>
      database.query(
        `SELECT version::int, name, checksum, meaning, phase FROM slipway_tenant_migrations WHERE tenant = '${tenant}' ORDER BY 1`,
      );
    expect(await rows("bolt")).toHaveLength(33);
    expect(await rows("bolt")).toEqual(await rows("tenant_one"));
    await database.query("INSERT INTO bolt.tags DEFAULT VALUES");
    expect(await database.query("SELECT id, kind FROM bolt.tags")).toEqual([
      { id: 1, kind: "touched" },
    ]);
    expect(
      await database.query("SELECT last_value::int, is_called FROM tenant_one.tags_id_seq"),
    ).toEqual([{ last_value: 1, is_called: false }]);
  });

  it("is a copy by its migrations where nobody kept what ran on the others", async () => {
    await fleetRelease(database, all).release.migrate();
    await database.query("DELETE FROM slipway_tenant_plans");
    expect(isCopied(await makes(all, "bolt"))).toBe(true);
    const meanings = (tenant: string) =>
      database.query(
        `SELECT version::int, meaning FROM slipway_tenant_migrations WHERE tenant = '${tenant}' ORDER BY 1`,
      );
    expect(await meanings("bolt")).toEqual(await meanings("tenant_one"));
  });

  it("has the history of the others, also of a migration that was edited since", async () => {
    await fleetRelease(database, all).release.migrate();
    const edited = { ...all, "20_column": addColumn("another") };
    expect(isCopied(await makes(edited, "bolt"))).toBe(true);
    expect(await catalogOf("bolt")).toBe(await catalogOf("tenant_one"));
    const [row] = await database.query(
      "SELECT count(DISTINCT meaning)::int AS meanings FROM slipway_tenant_migrations WHERE version = 20",
    );
    expect(row).toEqual({ meanings: 1 });
  });

  it.each<[string, MigrationsOption, string]>([
    [
      "a migration has rows",
      { ...all, "60_rows": sql("INSERT INTO posts (title) VALUES ('first')") },
      "",
    ],
    [
      "a migration has code",
      { ...all, "60_code": defineMigration({ up: (m) => m.run(async () => {}), down: () => {} }) },
      "",
    ],
    [
      "a migration gives rights",
      { ...all, "60_right": sql("GRANT SELECT ON posts TO public") },
      "",
    ],
    ["the others differ", all, "ALTER TABLE tenant_two.posts ADD drift text"],
    ["a name is in doubt", all, "COMMENT ON TABLE tenant_one.posts IS 'of tenant_one'"],
  ])("is made by its migrations where %s", async (_, migrations, change) => {
    await fleetRelease(database, migrations).release.migrate();
    if (change !== "") await database.query(change);
    expect(isCopied(await makes(migrations, "bolt"))).toBe(false);
    expect(
      await database.query(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'bolt' AND table_name = 'posts'",
      ),
    ).toHaveLength(28);
  });

  it("is made by its migrations where its schema has something already", async () => {
    await fleetRelease(database, all).release.migrate();
    await database.query("CREATE SCHEMA bolt CREATE TABLE extra (id int)");
    expect(isCopied(await makes(all, "bolt"))).toBe(false);
  });
});
