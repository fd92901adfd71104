/** The databases that the language is tested on, each with one session and a way to empty it. */

import type { Adapter, Session } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { leastRights, testDatabase } from "../support/databases.ts";
import { isFast } from "../support/fast.ts";
import { startMariadb } from "../support/mariadb.ts";
import type { Family, PlaceName } from "./families.ts";

/** A database that migrations run on, one after the other. */
export type Place = {
  readonly name: string;
  readonly family: Family;
  readonly session: Session;
  /** Removes everything, so that one test cannot see another. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a database; `undefined` when its server is not installed here, or the suite is the fast one. */
export async function openPlace(name: PlaceName): Promise<Place | undefined> {
  if (isFast && (name === "postgres" || name === "mariadb")) return undefined;
  switch (name) {
    case "postgres":
    case "pglite":
      return onPostgres(name);
    case "mariadb":
      return onMariadb();
    case "sqlite":
      return onSqlite();
  }
}

async function onPostgres(name: "postgres" | "pglite"): Promise<Place> {
  const { adapter, dispose } = await testDatabase(name);
  const session = await open(adapter);
  const empty = async () => {
    const rows = await session.query(leastRights ? everythingOwned : everythingOfPostgres);
    await session.query(rows.map(({ sql }) => sql).join(";"));
  };
  const close = async () => {
    await session.close();
    await dispose();
  };
  return { name, family: "postgres", session, empty, close };
}

const everythingOfPostgres = `
SELECT format('DROP EXTENSION %I CASCADE', extname) AS sql FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
UNION ALL SELECT 'CREATE SCHEMA public'`;

/** A migrator may not drop the schema that it was given. */
const everythingOwned = `
SELECT format('DROP EXTENSION %I CASCADE', extname) AS sql FROM pg_extension WHERE extowner = current_user::regrole
UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspowner = current_user::regrole
UNION ALL SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
  FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'v', 'S') AND relnamespace = 'public'::regnamespace
UNION ALL SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
  FROM pg_type WHERE typowner = current_user::regrole AND typtype = 'e' AND typnamespace = 'public'::regnamespace
UNION ALL SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
  FROM pg_proc WHERE proowner = current_user::regrole AND pronamespace = 'public'::regnamespace
UNION ALL SELECT 'SELECT 1'`;

async function onMariadb(): Promise<Place | undefined> {
  const server = await startMariadb();
  if (server === undefined) return undefined;
  const session = await open(mysql({ url: server.url }));
  const empty = async () => {
    for (const { sql } of await session.query(everythingOfMariadb))
      await session.query(String(sql));
  };
  const close = async () => {
    await session.close();
    await server.stop();
  };
  return { name: "mariadb", family: "mariadb", session, empty, close };
}

const everythingOfMariadb = `
SELECT 'SET foreign_key_checks = 0' AS \`sql\`
UNION ALL SELECT CONCAT('DROP DATABASE ', SCHEMA_NAME) FROM information_schema.SCHEMATA
WHERE SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
UNION ALL SELECT 'SET foreign_key_checks = 1'
UNION ALL SELECT 'CREATE DATABASE slipway' UNION ALL SELECT 'USE slipway'`;

async function onSqlite(): Promise<Place> {
  const adapter = sqlite({ path: ":memory:" });
  const session = await open(adapter);
  const empty = async () => {
    const objects = await session.query(everythingOfSqlite);
    await session.query("PRAGMA foreign_keys = OFF");
    for (const { sql } of objects) await session.query(String(sql));
    await session.query("PRAGMA foreign_keys = ON");
  };
  return { name: "sqlite", family: "sqlite", session, empty, close: () => session.close() };
}

const everythingOfSqlite = `
SELECT 'DROP ' || type || ' "' || name || '"' AS sql FROM sqlite_master
WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table'`;

function open(adapter: Adapter): Promise<Session> {
  return adapter.open({ role: "work", application: "test" });
}
