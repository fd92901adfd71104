import type { Named } from "../core/model/named.ts";

/** Beside the history, in its schema. */
export function journalTable(history: { readonly table: Named }): Named {
  return { ...history.table, name: "slipway_journal" };
}
