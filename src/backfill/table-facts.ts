/** Reads from the catalog the columns, unique keys and estimated rows of a table. Reads only. */
import type { Session } from "../adapters/adapter.ts";
import { columnFacts } from "../core/backfill/column-facts.ts";
import type { ColumnFacts } from "../core/language/backfill-sql.ts";
import type { Named } from "../core/model/named.ts";

export type TableFacts = {
  readonly columns: readonly ColumnFacts[];
  /** The columns of each unique index, in its order; partial ones are left out. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** Whether a trigger may fill in the columns that a new row lacks. */
  readonly hasTriggers: boolean;
  /** The storage engine, when it cannot roll back changes (MySQL). */
  readonly lastingEngine: string | undefined;
  /** As the statistics have it; `undefined` when there are none. */
  readonly estimate: number | undefined;
  /** The tables that inherit from it, whose keys no index holds apart. Default: none. */
  readonly heirs: string | undefined;
};

/** `undefined` when there is no such table. */
export async function readTableFacts(
  session: Session,
  table: Named,
): Promise<TableFacts | undefined> {
  const sql = session.dialect.backfill.tableFacts(table);
  const columns = await session.query(sql.columns);
  if (columns.length === 0) return undefined;
  const unique = await session.query(sql.unique);
  const [about] = await session.query(sql.about);
  const estimate = Number(about?.estimate ?? -1);
  return {
    columns: columns.map(columnFacts),
    uniqueKeys: [...Map.groupBy(unique, (row) => String(row.index_name)).values()].map((rows) =>
      rows.map((row) => String(row.name)),
    ),
    hasTriggers: Number(about?.triggers ?? 0) > 0,
    lastingEngine: typeof about?.lasting === "string" ? about.lasting : undefined,
    estimate: estimate < 0 ? undefined : estimate,
    heirs: typeof about?.heirs === "string" ? about.heirs : undefined,
  };
}
