/** CREATE STATISTICS: what it cannot be about. */
import { children, columnsIn, names, type Tree, word } from "../../sql/tree.ts";
import { refuseVirtual } from "./key-refusals.ts";
import { type Scene, tableOf } from "./scene.ts";

export function createStatistics(statement: Tree, scene: Scene): undefined {
  const [relation, more] = children(statement, "relations");
  if (relation?.kind !== "RangeVar" || more !== undefined) return;
  const columns = children(statement, "exprs").flatMap(({ tree }) => [
    ...(word(tree, "name") === undefined ? [] : [word(tree, "name")!]),
    ...columnsIn(tree.expr),
  ]);
  const table = tableOf(relation.tree, scene);
  refuseVirtual(table, columns, "statistics", scene);
  const name = names(statement, "defnames").at(-1);
  if (name !== undefined) table.statistics.set(name, new Set(columns));
}
