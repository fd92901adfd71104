/** The key that the database gave to the row that was inserted last. */
import type { SqlSyntax } from "../core/sql/token.ts";
import type { Send } from "./sent.ts";

const queries: { readonly [Syntax in SqlSyntax]?: string } = {
  sqlite: "SELECT last_insert_rowid() AS id",
  mysql: "SELECT LAST_INSERT_ID() AS id",
};

/** `undefined` where only RETURNING tells. */
export async function lastId(send: Send, syntax: SqlSyntax): Promise<unknown> {
  const sql = queries[syntax];
  return sql === undefined ? undefined : (await send(sql)).rows[0]?.id;
}
