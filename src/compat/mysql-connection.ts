/**
 * An object that libraries take for a connection of `mysql2`, over the connection of the migration.
 */
import { EventEmitter } from "node:events";
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

type Answered = (error: unknown, rows?: unknown, fields?: readonly unknown[]) => void;

/** A statement that gives no rows answers with a header. https://sidorares.github.io/node-mysql2/docs */
export function mysqlConnection(send: Send): object {
  const run = (
    query: string | { readonly sql: string },
    values: readonly unknown[] | Answered | undefined,
    given?: Answered,
  ) => {
    const sql = typeof query === "string" ? query : query.sql;
    const answered = typeof values === "function" ? values : given;
    answer(send, sql, typeof values === "function" ? [] : (values ?? [])).then(
      (result) => answered?.(undefined, result, []),
      (error) => answered?.(error),
    );
    return new EventEmitter();
  };
  return { query: run, execute: run };
}

/** An object that libraries take for a pool of `mysql2`: it always gives the same connection. */
export function mysqlPool(send: Send): object {
  const promised = {
    query: async (query: string | { readonly sql: string }, values: readonly unknown[] = []) => [
      await answer(send, typeof query === "string" ? query : query.sql, values),
      [],
    ],
  };
  const connection = Object.assign(new EventEmitter(), mysqlConnection(send), {
    promise: () => promised,
    release: () => undefined,
  });
  return {
    getConnection: (given: (error: unknown, connection: object) => void) =>
      given(undefined, connection),
    end: (ended?: () => void) => ended?.(),
  };
}

async function answer(send: Send, sql: string, values: readonly unknown[]): Promise<unknown> {
  const { rows, rowCount: affectedRows, command } = await send(sql, values);
  // RETURNING gives rows too, where the server has it.
  if (rows.length > 0 || /^(?:SELECT|SHOW|WITH|DESC|DESCRIBE|EXPLAIN)$/.test(command)) return rows;
  return { affectedRows, insertId: command === "INSERT" ? await lastId(send, "mysql") : 0 };
}
