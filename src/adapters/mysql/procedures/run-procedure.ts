/** Carries out a procedure of this dialect. */
import { alterTable } from "./alter-table.ts";
import type { Query } from "./catalog.ts";
import { createIndex } from "./create-index.ts";
import { dropForeignKey } from "./drop-foreign-key.ts";
import { dropIndex } from "./drop-index.ts";
import { dropSchema } from "./drop-schema.ts";
import { createTable } from "./match-references.ts";
import type { MysqlProcedure, MysqlProcedureInputs } from "./procedure.ts";
import { proveLock } from "./prove-lock.ts";

type Runners = {
  readonly [Name in keyof MysqlProcedureInputs]: (
    query: Query,
    input: MysqlProcedureInputs[Name],
  ) => Promise<void>;
};

const runners: Runners = {
  create_table: createTable,
  alter_table: alterTable,
  alter_as_written: async (query, { sql }) => void (await query(sql)),
  drop_foreign_key: dropForeignKey,
  create_index: createIndex,
  drop_index: dropIndex,
  drop_schema: dropSchema,
  prove_lock: proveLock,
};

/** Looks at the objects that are there, and makes one change, which works or fails as a whole. */
export function runProcedure<Name extends keyof MysqlProcedureInputs>(
  query: Query,
  { name, input }: MysqlProcedure<Name>,
): Promise<void> {
  return runners[name](query, input);
}
