/** What a database says it consists of, as plain data that two moments can be compared by. */
import type { Row, Session } from "../../src/adapters/adapter.ts";
import { mysqlCatalogSql } from "./catalog/mysql.ts";
import { postgresCatalogSql } from "./catalog/postgres.ts";
import { sqliteCatalog } from "./catalog/sqlite.ts";

/** `column public.posts.title` → everything about it. */
export type Catalog = { readonly [object: string]: Facts };
export type Facts = { readonly [fact: string]: unknown };

/** Everything in the database but its rows. A name that the database itself made up and shows nowhere is left out. */
export async function readCatalog(session: Session): Promise<Catalog> {
  switch (session.dialect.syntax) {
    case "postgres":
      return fromRows(await session.query(postgresCatalogSql));
    case "mysql":
      return fromRows(await session.query(mysqlCatalogSql));
    case "sqlite":
      return sqliteCatalog(session);
  }
}

/** Without the places of columns: what is removed and added again comes last, wherever it was. */
export function withoutPositions(catalog: Catalog): Catalog {
  return Object.fromEntries(
    Object.entries(catalog).map(([object, { position: _, ...facts }]) => [object, facts]),
  );
}

function fromRows(rows: readonly Row[]): Catalog {
  const entries = rows.map(({ what, name, facts }) => {
    const known = typeof facts === "string" ? JSON.parse(facts) : facts;
    return [`${what} ${name}`, known] as const;
  });
  const catalog = Object.fromEntries(entries);
  if (Object.keys(catalog).length < rows.length) throw new Error("two objects have one name");
  return catalog;
}
