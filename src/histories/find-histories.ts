/** The tables of a database → the histories of other tools among them. */
import { findBySigns, type HistorySign, type PresentTable, tablesOf } from "./by-signs.ts";
import type { ForeignHistory } from "./foreign-history.ts";
import { histories } from "./index.ts";

export type FoundHistory = { readonly history: ForeignHistory; readonly table: PresentTable };

/** Every table by which a tool could be known. */
export function tablesToLookFor(): readonly string[] {
  return tablesOf(histories);
}

/**
 * The tools whose tables exist. `named` may be any tool's table, under a name that the user chose.
 */
export function findHistories(
  present: readonly PresentTable[],
  named?: string | undefined,
): readonly FoundHistory[] {
  return findBySigns(histories, present, named);
}

/**
 * The signs of tools, as plain data: a built release reads no other tool's history, and only has to
 * recognize one.
 */
export function historySigns(): readonly HistorySign[] {
  return histories.map(({ label, table, lock }) => ({ label, table, lock }));
}
