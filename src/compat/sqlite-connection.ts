/**
 * An object that libraries take for a connection of `sqlite3`, over the connection of the
 * migration.
 */
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

/** By place, or by the names in the statement. */
type Parameters = readonly unknown[] | { readonly [name: string]: unknown };
type Context = { readonly lastID: unknown; readonly changes: number };
type Answered = (this: Context, error: unknown, rows?: readonly object[]) => void;

/** `run` gives its changes in `this`. https://github.com/TryGhost/node-sqlite3/wiki/API */
export function sqliteConnection(send: Send): object {
  const all = (sql: string, ...rest: [Answered] | [Parameters, Answered]) => {
    const [parameters, answered] = rest.length === 1 ? [[], rest[0]] : rest;
    const none = { lastID: undefined, changes: 0 };
    answer(send, { sql, parameters: byPlace(sql, parameters) }).then(
      ({ rows, ...context }) => answered.call(context, undefined, rows),
      (error) => answered.call(none, error),
    );
  };
  // Whatever is sent runs one after the other.
  return { all, run: all, serialize: (run: () => void) => run() };
}

async function answer(
  send: Send,
  { sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] },
) {
  const { rows, rowCount: changes, command } = await send(sql, parameters);
  const lastID = command === "INSERT" ? await lastId(send, "sqlite") : undefined;
  return { rows, changes, lastID };
}

/** SQLite numbers the names of parameters in the order of their first use. */
function byPlace(sql: string, parameters: Parameters): readonly unknown[] {
  if (Array.isArray(parameters)) return parameters;
  const texts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|[$:@]\w+/g;
  const found = (sql.match(texts) ?? []).filter((text) => /^[$:@]/.test(text));
  return [...new Set(found)].map(
    (name) => (parameters as { readonly [name: string]: unknown })[name],
  );
}
