/** What Knex takes for a connection of `mysql2`, over the connection of the migration. */
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

type Answered = (error: unknown, rows?: unknown, fields?: readonly unknown[]) => void;

/** A statement that gives no rows answers with a header. https://sidorares.github.io/node-mysql2/docs */
export function mysqlConnection(send: Send): object {
  return {
    query({ sql }: { readonly sql: string }, values: readonly unknown[], answered: Answered) {
      answer(send, sql, values ?? []).then(
        (result) => answered(undefined, result, []),
        (error) => answered(error),
      );
    },
  };
}

async function answer(send: Send, sql: string, values: readonly unknown[]): Promise<unknown> {
  const { rows, rowCount: affectedRows, command } = await send(sql, values);
  if (/^(?:SELECT|SHOW|WITH|DESCRIBE|EXPLAIN)$/.test(command)) return rows;
  return { affectedRows, insertId: command === "INSERT" ? await lastId(send, "mysql") : 0 };
}
