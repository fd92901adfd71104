/** TypeORM on SQLite: its driver answers at once, and the connection of the migration does not. */
import type { DataSource, QueryRunner } from "typeorm";
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

type Query = (
  sql: string,
  parameters?: readonly unknown[],
  structured?: boolean,
) => Promise<unknown>;

/** Lets it send by `send`. */
export function typeormOnSqlite({ driver }: DataSource, send: Send): void {
  const createQueryRunner = driver.createQueryRunner.bind(driver);
  const query = queryBy(send);
  Object.assign(driver, {
    connect: async () => undefined,
    createQueryRunner(mode: string): QueryRunner {
      const ofPragma = async (table: string, pragma: string) =>
        query(`PRAGMA ${pragma}(${quoted(table.split(".").at(-1) ?? table)})`);
      return Object.assign(createQueryRunner(mode), { query, loadPragmaRecords: ofPragma });
    },
  });
}

/**
 * Gives the rows of a statement that gives rows; of one that changes them, the key of the row that
 * was inserted last.
 */
function queryBy(send: Send): Query {
  return async (sql, parameters = [], structured = false) => {
    const values = parameters.map((value) => (typeof value === "boolean" ? Number(value) : value));
    const { rows, rowCount, command } = await send(sql, values);
    const givesRows =
      /^(?:SELECT|PRAGMA|WITH|EXPLAIN|VALUES)$/.test(command) || /\bRETURNING\b/i.test(sql);
    const raw = givesRows ? rows : Number(await lastId(send, "sqlite"));
    if (!structured) return raw;
    return givesRows ? { raw, records: rows } : { raw, records: [], affected: rowCount };
  };
}

function quoted(name: string): string {
  return `"${name.replace(/^["`]|["`]$/g, "").replaceAll('"', '""')}"`;
}
