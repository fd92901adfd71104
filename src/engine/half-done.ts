/** Finds migrations of which only a part ran: the journal still holds them when nobody is at work. */
import type { Session } from "../adapters/adapter.ts";
import type { Direction, MigrationFile, Version } from "../core/model/migration.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { HistoryPlace } from "./history.ts";
import { journalTable } from "./journal-table.ts";

/** How far it got. */
export type HalfDone = {
  readonly direction: Direction;
  /** Statements that are done. */
  readonly done: number;
  /** Statements that were announced, and of which nobody knows yet whether they had their effect. */
  readonly inDoubt: number;
};

/**
 * By version; empty when the journal does not exist, or this user may not read it: with the history alone one can look,
 * and whoever lacks a right to run hears so from the look at all tables. A rollback that was cut off counts before what
 * it undoes.
 */
export async function readHalfDone(
  session: Session,
  { table }: HistoryPlace,
  files: readonly MigrationFile[],
): Promise<ReadonlyMap<Version, HalfDone>> {
  const { quote, quoteNamed, literal, castToText, operator } = session.dialect;
  const byNumber = new Map(files.map(({ version }) => [versionNumber(version), version]));
  const found = new Map<Version, HalfDone>();
  try {
    const rows = await session.query(
      `SELECT ${castToText(quote("version"))} AS ${quote("version")}, ${quote("direction")}, ${quote("state")} FROM ${quoteNamed(journalTable({ table }))} WHERE ${quote("history")} ${operator("=")} ${literal(table.name)}`,
    );
    for (const row of rows) {
      if (row.direction !== "up" && row.direction !== "down") continue;
      const number = String(row.version);
      const version = byNumber.get(number) ?? number;
      const { direction } = row;
      const before = found.get(version);
      if (before?.direction === "down" && direction === "up") continue;
      const isSame = before?.direction === direction;
      const { done, inDoubt } = before && isSame ? before : { done: 0, inDoubt: 0 };
      const isDone = row.state === "done";
      found.set(version, {
        direction,
        done: done + (isDone ? 1 : 0),
        inDoubt: inDoubt + (isDone ? 0 : 1),
      });
    }
  } catch (error) {
    const kind = session.errorKind(error);
    if (kind !== "table_missing" && kind !== "invalid") throw error;
  }
  return found;
}
