/** Changes whose `was` covers less than they change: their author wants a way back, and has none. */
import { reverse } from "../core/language/reverse.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import type { Step } from "../core/plan/step.ts";
import type { CheckNote } from "./judged.ts";

/** A migration, and its statements. */
type Entry = { readonly file: MigrationFile; readonly step: Step };

/** Of the migrations that are judged. */
export function halfWas(
  history: readonly Entry[],
  wanted: ReadonlySet<Version>,
): readonly CheckNote[] {
  return history.filter(({ file }) => wanted.has(file.version)).flatMap(notesOf);
}

function notesOf({ file, step }: Entry): readonly CheckNote[] {
  return step.actions.flatMap((action): readonly CheckNote[] => {
    const operation = action.kind === "statements" ? action.operation : undefined;
    if (operation?.kind !== "alter_table") return [];
    return operation.changes.flatMap((change): readonly CheckNote[] => {
      if (!("was" in change) || change.was === undefined) return [];
      if (change.kind !== "modify_column" && change.kind !== "set_type") return [];
      const back = reverse({ ...operation, changes: [change] });
      if (!("irreversible" in back)) return [];
      return [
        {
          code: "was_incomplete",
          file: file.origin,
          message: `\`was\` leaves out what is changed, so going down is refused. ${back.irreversible}`,
        },
      ];
    });
  });
}
