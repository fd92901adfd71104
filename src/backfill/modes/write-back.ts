/** New values of many rows as few statements. Pure. */

import type { RowChange } from "../../core/language/backfill-definition.ts";
import type { ColumnFacts, RowUpdate } from "../../core/language/backfill-sql.ts";
import type { Dialect } from "../../core/language/dialect.ts";
import { isFragment } from "../../core/model/fragment.ts";
import type { KeyText } from "../key.ts";
import type { BackfillTarget } from "../target.ts";

export type WriteBack = {
  readonly columns: readonly ColumnFacts[];
  readonly changes: readonly { readonly key: KeyText; readonly change: RowChange }[];
};

export function writeBackSql(
  dialect: Dialect,
  { backfill, key }: BackfillTarget,
  { columns, changes }: WriteBack,
): readonly string[] {
  const rows = changes.map((one) => ({
    key: one.key,
    values: columns.map(({ name }) => one.change[name]),
  }));
  const { table } = backfill;
  const isSql = rows.some(({ values }) => values.some(isFragment));
  const update = isSql
    ? undefined
    : dialect.backfill.updateRows?.({ table, keys: key.columns, columns, rows });
  const { sqls, single } = update ?? { sqls: [], single: rows };
  const one = (row: RowUpdate) => {
    const set = columns.map(
      ({ name }, i) => `${dialect.quote(name)} = ${dialect.literal(row.values[i])}`,
    );
    return `UPDATE ${dialect.quoteNamed(table)} SET ${set.join(", ")} WHERE ${key.equals(row.key)}`;
  };
  return [...sqls, ...single.map(one)];
}
