/** A new type writes the table anew, rebuilds indexes or checks every row again, while nobody can read or write, unless the server knows that the stored value stays the same. */
import { child, constantOf, type TreeNode } from "../../sql/tree.ts";
import { type CatalogColumn, type CatalogIndex, shown, type Table } from "../effects/catalog.ts";
import type { EffectOf } from "../effects/effect.ts";
import { typeWords } from "../effects/types.ts";
import { inDsl, nameUnless, type Word } from "../forms/in-dsl.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "change-column-type": true;
  }
}

type TypeChanged = EffectOf<"column type changed">;

export const changeColumnType = defineRule({
  name: "change-column-type",
  tier: "core",
  dialects: ["postgres"],
  why: "For most new types, PostgreSQL rewrites the table, rebuilds indexes or checks every row while nobody can read or write. It skips that only if it knows that the stored value stays the same.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ALTER COLUMN email TYPE varchar;\nANALYZE orders;",
  },
  on: "column type changed",
  judge: (effect) => {
    const { table, column, to, cost } = effect;
    if (cost.kind === "nothing" || !inUse(table)) return undefined;
    const name = shown(table);
    const harm = {
      rewrite: `writes all of ${name} anew${cost.kind === "rewrite" ? `: ${cost.why}` : ""}`,
      index: `rebuilds the index ${cost.kind === "index" ? cost.index.name : ""} of ${name}`,
      check: `checks every row of ${name} against ${cost.kind === "check" ? cost.constraint : ""} again`,
    }[cost.kind];
    return {
      message: `changing ${column} to ${typeWords(to)} ${harm}`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is done" },
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD COLUMN ${column}_new ${typeWords(to)};`,
          `-- write both from now on (a trigger), copy the old rows in batches, read the new one, then drop ${column}`,
        ],
        dsl: [changedSafely(effect)],
      },
      tables: [name],
    };
  },
});

/** The call with all that the schema knows of the column, so that it can be taken as it stands. */
function changedSafely({ table, column, from, indexes, to }: TypeChanged): string {
  const args = [column, typeWords(to)];
  if (from === undefined) return inDsl("changeTypeSafely", table, { args, options: { was: "…" } });
  const kept = { ...(from.notNull ? { null: false } : {}), ...defaultOf(from) };
  const type = typeWords(from.type);
  const was = Object.keys(kept).length === 0 ? type : { type, ...kept };
  return inDsl("changeTypeSafely", table, {
    args,
    options: { ...kept, ...indexesOf(table, indexes), was },
  });
}

/** A constant. The safe form refuses to lose another default, and says so before it changes anything. */
function defaultOf(column: CatalogColumn): { readonly default?: Word } {
  const node = column.default?.expression;
  const value = constantOf(node);
  if (column.default?.by !== "expression" || value === undefined || value === null) return {};
  if (!isNumber(node)) return { default: value };
  // A number of JavaScript has fewer digits than one of PostgreSQL.
  return String(Number(value)) === value ? { default: Number(value) } : {};
}

function isNumber(node: TreeNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind !== "A_Const")
    return isNumber(child(node.tree, "arg") ?? child(node.tree, "rexpr"));
  return "ival" in node.tree || "fval" in node.tree;
}

/** Plain ones, as a list of columns says them. The safe form names each other one that it finds. */
function indexesOf(table: Table, all: readonly CatalogIndex[]): { readonly indexes?: Word } {
  const plain = all.filter(
    (index) =>
      index.constraint === undefined &&
      index.method === "btree" &&
      index.keys.length === index.columnCount &&
      !index.isPartial &&
      !index.hasExpressions &&
      index.isSorted !== true,
  );
  if (plain.length === 0) return {};
  return {
    indexes: plain.map(({ name, keys, unique }) => ({
      columns: keys,
      ...nameUnless(name, [table.name, ...keys, "index"]),
      ...(unique ? { unique } : {}),
    })),
  };
}
