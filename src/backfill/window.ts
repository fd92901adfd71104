/**
 * Finds the keys of a batch: a number of them from the cursor on, whether their rows are to be
 * changed or not.
 */
import type { Session } from "../adapters/adapter.ts";
import type { KeyText } from "./key.ts";
import type { BackfillTarget } from "./target.ts";

export type Window = {
  readonly end: KeyText;
  readonly rows: number;
  /** Whether `end` is a key that is there; else it is where the search ended. */
  readonly found: boolean;
};

/**
 * Finds the end of a batch by walking the index to a key that is there. The number of changed rows
 * never decides, so a batch without changes does not pass for the end.
 */
export async function findWindow(
  session: Session,
  { source, key }: BackfillTarget,
  from: {
    readonly position: KeyText | undefined;
    readonly hi: KeyText;
    readonly rows: number;
  },
): Promise<Window> {
  const { dialect } = session;
  const { position, hi, rows } = from;
  const range = `FROM ${dialect.quoteNamed(source)} WHERE ${key.between(position, hi)}`;
  const [row] = await session.query(
    `SELECT ${key.texts} ${range} ORDER BY ${key.list} LIMIT 1 OFFSET ${rows - 1}`,
  );
  if (row !== undefined) return { end: key.read(row), rows, found: true };
  const [rest] = await session.query(`SELECT ${dialect.builtin("count")}(*) AS left_over ${range}`);
  return { end: hi, rows: Number(rest?.left_over), found: false };
}
