/** What Knex takes for a connection of `sqlite3`, over the connection of the migration. */
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

type Context = { readonly lastID: unknown; readonly changes: number };
type Answered = (this: Context, error: unknown, rows?: readonly object[]) => void;

/** `run` tells by `this` what it changed. https://github.com/TryGhost/node-sqlite3/wiki/API */
export function sqliteConnection(send: Send): object {
  const all = (sql: string, parameters: readonly unknown[], answered: Answered) => {
    const none = { lastID: undefined, changes: 0 };
    answer(send, { sql, parameters }).then(
      ({ rows, ...context }) => answered.call(context, undefined, rows),
      (error) => answered.call(none, error),
    );
  };
  return { all, run: all };
}

async function answer(
  send: Send,
  { sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] },
) {
  const { rows, rowCount: changes, command } = await send(sql, parameters);
  const lastID = command === "INSERT" ? await lastId(send, "sqlite") : undefined;
  return { rows, changes, lastID };
}
