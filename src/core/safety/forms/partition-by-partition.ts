/** An index of a partitioned table: whole when each partition has one that is attached to it. */

import { wordOf } from "../../sql/token.ts";
import { part, type Tree, word } from "../../sql/tree.ts";
import type { SafeStatement } from "./safe-form.ts";
import { sameTree } from "./same-tree.ts";
import type { Written } from "./written.ts";
import { afterRelation, endOf, sqlName, sqlNamed, writtenSql } from "./written-sql.ts";

export function partitionByPartition(
  { index, partitions }: Extract<SafeStatement, { form: "partition by partition" }>,
  { statement, parse }: Written,
): readonly string[] | undefined {
  const { node, text } = statement;
  const tree = node?.kind === "IndexStmt" ? node.tree : undefined;
  const relation = part(tree, "relation");
  if (tree === undefined || relation === undefined) return undefined;
  const { unique, table, rest } = cut(text);
  const guard = tree.if_not_exists === true ? "IF NOT EXISTS " : "";
  const { concurrent: _, ...plain } = tree;
  const means = (sql: string, wanted: Tree) => {
    const [found, more] = parse(sql) ?? [];
    return found?.kind === "IndexStmt" && more === undefined && sameTree(found.tree, wanted);
  };
  const only = partitions.length === 0 ? "" : "ONLY ";
  const whole = `CREATE ${unique}INDEX ${guard}${sqlName(index)} ON ${only}${table}${rest}`;
  const { inh: _inh, ...alone } = relation;
  const parent = { ...plain, idxname: index, relation: only === "" ? relation : alone };
  const steps = partitions.map((leaf) => ({
    leaf,
    sql: `CREATE ${unique}INDEX CONCURRENTLY ${guard}${sqlName(leaf.index)} ON ${sqlNamed(leaf)}${rest}`,
  }));
  const isSame = steps.every(({ sql, leaf }) => {
    const { schemaname: _schema, ...bare } = relation;
    const place = leaf.schema === "public" ? {} : { schemaname: leaf.schema };
    const own = { ...bare, ...place, relname: leaf.name, inh: true };
    return means(sql, { ...plain, idxname: leaf.index, relation: own, concurrent: true });
  });
  if (!means(whole, parent) || !isSame) return undefined;
  if (steps.length === 0) return [`${whole};  -- there is no partition yet`];
  const schema = word(relation, "schemaname") ?? "public";
  return [
    `${whole};`,
    ...steps.flatMap(({ sql, leaf }) => [
      `${sql};  -- outside a transaction`,
      `ALTER INDEX ${sqlNamed({ schema, name: index })} ATTACH PARTITION ${sqlNamed({ schema: leaf.schema, name: leaf.index })};`,
    ]),
  ];
}

/** The table as it is written, and everything behind it. */
function cut(text: string): { unique: string; table: string; rest: string } {
  const sql = writtenSql(text);
  const { tokens } = sql;
  const unique = wordOf(tokens[1]) === "UNIQUE" ? "UNIQUE " : "";
  // A name in quotes is no word, and ON is reserved.
  const on = tokens.findIndex((token) => wordOf(token) === "ON");
  const first = wordOf(tokens[on + 1]) === "ONLY" ? on + 2 : on + 1;
  const behind = afterRelation(sql, first);
  const end = endOf(tokens[behind - 1]);
  return {
    unique,
    table: sql.text.slice(tokens[first]?.start ?? 0, end),
    rest: sql.text.slice(end),
  };
}
