/** Carries out a procedure of this dialect. */
import type { SqliteDatabase } from "../driver.ts";
import { atomically } from "./atomically.ts";
import { dropTable } from "./drop-table.ts";
import type { SqliteProcedure, SqliteProcedureInputs } from "./procedure.ts";
import { rebuild } from "./rebuild.ts";
import { renameIndex } from "./rename-index.ts";
import { replaceView } from "./replace-view.ts";
import { keepingTriggers } from "./trigger-breaks.ts";
import {
  checkState,
  dropAsWritten,
  rememberState,
  renameAsWritten,
  restoreForeignKeys,
  switchForeignKeys,
} from "./without-foreign-keys.ts";

type Runners = {
  readonly [Name in keyof SqliteProcedureInputs]: (
    db: SqliteDatabase,
    input: SqliteProcedureInputs[Name],
  ) => void;
};

const runners: Runners = {
  rebuild,
  drop_table: dropTable,
  rename_index: renameIndex,
  replace_view: replaceView,
  switch_foreign_keys: switchForeignKeys,
  remember_state: rememberState,
  drop_as_written: dropAsWritten,
  rename_as_written: renameAsWritten,
  drop_column_as_written: (db, { table, column, sql }) =>
    atomically(db, () => keepingTriggers(db, { table, columns: [column] }, () => db.exec(sql))),
  check_state: checkState,
  restore_foreign_keys: restoreForeignKeys,
};

/** Works inside a transaction and outside of one, and leaves nothing half done in either. */
export function runProcedure<Name extends keyof SqliteProcedureInputs>(
  db: SqliteDatabase,
  { name, input }: SqliteProcedure<Name>,
): void {
  runners[name](db, input);
}
