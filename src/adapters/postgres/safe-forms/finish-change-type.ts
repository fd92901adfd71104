/** The old column of a change of type: dropped for good, and on the way back made again from the new one. */
import { alter, locks, part } from "../../../core/language/safe/parts.ts";
import type { OldTypeRetreat } from "../../../core/language/safe/safe-form.ts";
import type { SafePart } from "../../../core/language/safe/safe-part.ts";
import { onColumn, outgoingName, secondColumn } from "./change-type.ts";
import type { PostgresServer } from "./set-not-null.ts";
import { stopKeepingInStep } from "./sync-trigger.ts";

/** Finishes a type change. Undoing it brings back the state after the swap: both columns, the old one following. */
export function finishChangeType(
  change: OldTypeRetreat & { readonly stage: "finish" | "undo_finish" },
  server: PostgresServer,
): readonly SafePart[] {
  const { table, column, outgoing } = change;
  if (change.stage === "undo_finish") return makeAgain(change, server);
  return [
    part(
      `drop column ${outgoing}`,
      locks.moment,
      ...stopKeepingInStep(table, column),
      alter(table, { kind: "remove_column", name: outgoing }),
    ),
  ];
}

function makeAgain(change: OldTypeRetreat, server: PostgresServer): readonly SafePart[] {
  const { table, column, outgoing, was, back, key, indexes } = change;
  if (was === undefined) return [];
  const parts = secondColumn(
    {
      ...{ table, name: column, second: was, called: outgoing, key, first: [] },
      given: back,
      indexes: indexes.map((index) => onColumn(index, outgoingName(index), outgoing, column)),
    },
    server,
  );
  const { default: given, type } = was;
  if (given === undefined) return parts;
  const standard = {
    kind: "set_default",
    name: outgoing,
    default: given,
    type,
    was: null,
  } as const;
  return [...parts, part(`set the default of ${outgoing}`, locks.moment, alter(table, standard))];
}
