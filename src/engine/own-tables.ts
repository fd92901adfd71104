/** Every table of Slipway's own beside one history, and which of them a run needs. */
import { ledgerColumns, ledgerTables } from "../core/backfill/ledger.ts";
import type { Named } from "../core/model/named.ts";
import type { Step } from "../core/plan/step.ts";
import { eventTable } from "./event-table.ts";
import { historyColumns } from "./history-table.ts";
import { journal } from "./journal.ts";
import { schemaTable } from "./kept-schema.ts";
import type { OwnTable } from "./own-table.ts";

/** But for the table of the lock, which each database spells its own way. */
export function ownTables(history: Named): readonly OwnTable[] {
  const ledger = Object.entries(ledgerTables(history));
  return [
    { table: history, columns: historyColumns },
    eventTable(history),
    journal({ table: history, repo: "" }),
    schemaTable(history),
    ...ledger.map(([part, table]) => ({
      table,
      columns: ledgerColumns[part as keyof typeof ledgerColumns],
    })),
  ];
}

/** Those that these steps write. */
export function tablesFor(
  steps: readonly Step[],
  history: Named,
  { lock }: { readonly lock: boolean },
): readonly Named[] {
  const isJournalled = (step: Step) => !step.transactional && step.backfill === undefined;
  return [
    history,
    eventTable(history).table,
    ...(lock ? [{ ...history, name: "slipway_lock" }] : []),
    ...(steps.some(isJournalled) ? [journal({ table: history, repo: "" }).table] : []),
    ...(steps.some((step) => step.backfill !== undefined)
      ? Object.values(ledgerTables(history))
      : []),
  ];
}
