/**
 * Changes a table in the way that stops nobody, or not at all. Each version of the server can make
 * other changes so. Therefore Slipway keeps no list: it asks the server for the best way first, and
 * the server refuses if it cannot.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html, https://mariadb.com/kb/en/innodb-online-ddl-overview/
 */
import { messageOf } from "../../core/model/message-of.ts";
import { saysHow, type TableChange, tableChange } from "../../core/sql/mysql-table-change.ts";
import { CopyRefused, errorNumber } from "./messages.ts";
import type { Query } from "./procedures/catalog.ts";

/** The best way first: nothing but the catalog; beside writers; by a copy beside writers, which MariaDB has since 11.2. */
const ways = {
  alter_table: [
    "ALGORITHM = INSTANT",
    "ALGORITHM = INPLACE, LOCK = NONE",
    "ALGORITHM = COPY, LOCK = NONE",
  ],
  index: ["ALGORITHM = INPLACE LOCK = NONE", "ALGORITHM = COPY LOCK = NONE"],
} as const;

/**
 * A `query` that makes changes of tables online. One that the server can only make by a copy runs as it is when that is
 * allowed, and when nobody can be stopped by it: on a table that this connection made, or that is empty.
 *
 * @throws {CopyRefused}
 */
export class OnlineDdlRunner {
  readonly #query: Query;
  readonly #made = new Set<string>();

  constructor(query: Query) {
    this.#query = query;
  }

  async run(sql: string, { mayCopy }: { readonly mayCopy: boolean }): ReturnType<Query> {
    const change = tableChange(sql);
    if (change === undefined || saysHow(change)) return this.#query(sql);
    if (change.kind === "create_table") return this.#create(sql, change);
    if (mayCopy) return this.#query(sql);
    const reasons: string[] = [];
    for (const way of ways[change.kind]) {
      try {
        return await this.#query(withWay(sql, change, way));
      } catch (error) {
        if (!refusedWays.has(errorNumber(error) ?? 0)) throw error;
        reasons.push(messageOf(error));
      }
    }
    if (await this.#stopsNobody(change.table)) return this.#query(sql);
    throw new CopyRefused(reasons.at(-2) ?? reasons.at(-1));
  }

  async #create(sql: string, { table, words }: TableChange): ReturnType<Query> {
    const rows = await this.#query(sql);
    if (!words.slice(0, 8).join(" ").includes("IF NOT EXISTS")) this.#made.add(table);
    return rows;
  }

  async #stopsNobody(table: string): Promise<boolean> {
    if (this.#made.has(table)) return true;
    return (await this.#query(`SELECT 1 FROM ${table} LIMIT 1`)).length === 0;
  }
}

/** Among the first options of an ALTER TABLE, where a comment or a list at the end does not swallow it. */
function withWay(sql: string, { kind, nameEnd }: TableChange, way: string): string {
  return kind === "index"
    ? `${sql}\n${way}`
    : `${sql.slice(0, nameEnd)} ${way},${sql.slice(nameEnd)}`;
}

/**
 * ER_UNKNOWN_ALTER_ALGORITHM of servers that know no INSTANT, ER_ALTER_OPERATION_NOT_SUPPORTED with
 * and without a reason, and ER_INNODB_MAX_ROW_VERSION: the number of instant changes of a table is
 * limited.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
const refusedWays: ReadonlySet<number> = new Set([1800, 1845, 1846, 4092]);
