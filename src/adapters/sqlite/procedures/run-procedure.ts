/** Carries out a procedure of this dialect. */
import type { DatabaseSync } from "node:sqlite";
import { dropTable } from "./drop-table.ts";
import type { Procedure, ProcedureInputs } from "./procedure.ts";
import { rebuild } from "./rebuild.ts";
import { renameIndex } from "./rename-index.ts";
import { replaceView } from "./replace-view.ts";

type Runners = {
  readonly [Name in keyof ProcedureInputs]: (
    db: DatabaseSync,
    input: ProcedureInputs[Name],
  ) => void;
};

const runners: Runners = {
  rebuild,
  drop_table: dropTable,
  rename_index: renameIndex,
  replace_view: replaceView,
};

/** Works inside a transaction and outside of one, and leaves nothing half done in either. */
export function runProcedure<Name extends keyof ProcedureInputs>(
  db: DatabaseSync,
  { name, input }: Procedure<Name>,
): void {
  runners[name](db, input);
}
