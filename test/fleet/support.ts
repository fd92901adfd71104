/** A release with a schema for each tenant. */
import {
  defineMigration,
  defineRelease,
  type MigrationsOption,
  type RepoConfig,
} from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

/** `release.ts` of a project with a schema for each tenant, which a table lists. */
export const schemasRelease = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      tenants: {
        schemas: async (db) =>
          (await db.query<{ name: string }>("SELECT name FROM public.tenants")).map(({ name }) => name),
      },
    },
  },
});
`;

/** What belongs to all: the list of tenants. */
export const shared: MigrationsOption = {
  "1_create_tenants": defineMigration({
    up: (m) => m.execute("CREATE TABLE IF NOT EXISTS public.tenants (name text)"),
    down: (m) => m.execute("DROP TABLE public.tenants"),
  }),
};

export const posts = defineMigration({
  change: (m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "text");
    }),
});

export const addColumn = (name: string) =>
  defineMigration({ change: (m) => m.alterTable("posts", (t) => t.add(name, "text")) });

export const firstTwo = { "10_posts": posts, "11_body": addColumn("body") };

/** A release over this database, and all that it said. */
export function fleetRelease(
  database: Pick<TestDatabase, "adapter">,
  tenantMigrations: MigrationsOption,
  more: Partial<RepoConfig> = {},
) {
  const heard = recorder();
  const repo: RepoConfig = {
    adapter: database.adapter,
    migrations: shared,
    dataMigrations: {},
    tenantMigrations,
    tenants: {
      schemas: async (db) =>
        (await db.query<{ name: string }>("SELECT name FROM public.tenants")).map(
          ({ name }) => name,
        ),
    },
    ...more,
  };
  const release = defineRelease({ app: "app", repos: { main: repo } }).using(heard.world);
  return { release, heard };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Makes the schemas, and lists them where the release looks. */
export async function addTenants(
  query: (sql: string) => Promise<unknown>,
  names: readonly string[],
): Promise<void> {
  await query("CREATE TABLE IF NOT EXISTS public.tenants (name text)");
  for (const name of names) {
    await query(`CREATE SCHEMA ${quoted(name)}`);
    await query(`INSERT INTO public.tenants VALUES ('${name.replaceAll("'", "''")}')`);
  }
}

/** `acme.posts: id, title`, one line for each table of these schemas. */
export const columnsSql = `SELECT table_schema::text || '.' || table_name || ': ' || string_agg(column_name::text, ', ' ORDER BY ordinal_position) AS line FROM information_schema.columns WHERE table_schema NOT IN ('public', 'pg_catalog', 'information_schema') GROUP BY table_schema, table_name ORDER BY 1`;

/** Drops what the tests of one PGlite share. */
export const dropSchemas = `DO $$ DECLARE one record; BEGIN FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public$)' LOOP EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname); END LOOP; END $$`;
