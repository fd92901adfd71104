/** How far the statement of another connection is. */
import type { StatementProgress } from "../../core/model/statement-progress.ts";
import type { Row } from "../adapter.ts";
import { readLockWait } from "./lock-wait.ts";

type Query = (sql: string) => Promise<readonly Row[]>;

/** `undefined` when the connection runs nothing. */
export async function readStatementProgress(
  query: Query,
  id: number,
): Promise<StatementProgress | undefined> {
  const rows = await query("SHOW FULL PROCESSLIST");
  const process = rows.find(({ Id }) => Number(Id) === id);
  if (process === undefined || process.Command === "Sleep") return undefined;
  const wait = await readLockWait(query, id);
  const { State: state, Progress: percent } = process;
  // A statement that tells of no progress has 0, and MySQL has no such column.
  const share = Number(percent ?? 0) / 100;
  return {
    ...(typeof state === "string" && state !== "" ? { phase: state } : {}),
    ...(share > 0 ? { share: Math.min(1, share) } : {}),
    ...(wait === undefined ? {} : { wait }),
  };
}
