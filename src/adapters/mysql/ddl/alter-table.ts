/** The changes of an existing table. */

import type { OperationOf } from "../../../core/language/operation.ts";
import { probeOf } from "../../../core/language/probe-of.ts";
import type { ColumnChange } from "../../../core/language/table-parts.ts";
import type { Probe } from "../../../core/model/probe.ts";
import type { Statement } from "../../../core/model/statement.ts";
import type { AlterPart } from "../procedures/procedure.ts";
import type { MysqlServer } from "../server.ts";
import { quoteList } from "../sql-text.ts";
import { alterColumns } from "./alter-columns.ts";
import { columnChange } from "./column-changes.ts";
import { refuseKeylessSerial, startClause } from "./columns.ts";
import { dropForeignKey } from "./constraints.ts";
import { referenceSigns } from "./reference-signs.ts";

type Modification = Extract<ColumnChange, { readonly kind: "modify_column" }>;

/** All changes are one statement; only a foreign key that stands in the way of another change goes before it. */
export function alterTable(
  op: OperationOf<"alter_table">,
  server: MysqlServer,
): readonly Statement[] {
  const { table, changes } = op;
  const added = changes.flatMap((change) => (change.kind === "add_column" ? [change.column] : []));
  const columns = changes.flatMap((change) => ("column" in change ? [change.column] : []));
  const keys = newKeys(changes);
  for (const column of added) refuseKeylessSerial(column, keys, []);
  const start = startClause(added);
  const parts: readonly AlterPart[] = [
    ...(changes.some(losesPrimaryKey) ? ["DROP PRIMARY KEY"] : []),
    ...changes.flatMap((change) => columnChange(change, table, server)),
    ...(keys.length === 0 ? [] : [`ADD PRIMARY KEY ${quoteList(keys)}`]),
    ...(start ? [start] : []),
  ];
  const inTheWay = changes.flatMap(foreignKeyInTheWay);
  const probe = probeOfChanges(op);
  return [
    ...inTheWay.map((name) => dropForeignKey(table, name)),
    ...alterColumns(table, parts, referenceSigns(columns, [], server)).map((statement) => ({
      ...statement,
      probe,
    })),
  ];
}

/** The probe of an ALTER. A foreign key, unlike the rest of a column, cannot be restated. */
function probeOfChanges(op: OperationOf<"alter_table">): Probe | undefined {
  const probe = probeOf(op);
  const added = op.changes.find(
    (change) => change.kind === "modify_column" && change.column.references !== undefined,
  );
  if (probe?.kind !== "repeatable" || added?.kind !== "modify_column") return probe;
  const part = added.column.references?.name;
  return { kind: "constraint", name: op.table, part, expect: "present" };
}

/** The columns of the primary key that the changes ask for. */
function newKeys(changes: readonly ColumnChange[]): readonly string[] {
  return changes.flatMap((change) => {
    if (change.kind === "add_column") return change.column.primaryKey ? [change.column.name] : [];
    return change.kind === "modify_column" && becomesPrimaryKey(change) ? [change.column.name] : [];
  });
}

function becomesPrimaryKey({ column, was }: Modification): boolean {
  return column.primaryKey === true && was?.primaryKey !== true;
}

function losesPrimaryKey(change: ColumnChange): boolean {
  if (change.kind !== "modify_column") return false;
  return change.was?.primaryKey === true && change.column.primaryKey !== true;
}

/**
 * A foreign key goes before the ALTER when its column gets another type, or one of the same name is added:
 * neither server does that at once. One over several columns goes before too, together with its index.
 */
function foreignKeyInTheWay(change: ColumnChange): readonly string[] {
  if (change.kind === "modify_column") {
    return change.was?.references === undefined ? [] : [change.was.references.name];
  }
  if (change.kind !== "remove_column" || change.was?.references?.with === undefined) return [];
  return [change.was.references.name];
}
