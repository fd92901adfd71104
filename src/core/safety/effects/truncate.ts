import { children, type Tree } from "../../sql/tree.ts";
import { shown } from "./catalog.ts";
import { cascades } from "./drop.ts";
import { exists, olderThanFile, type Scene, tableOf } from "./scene.ts";

/** TRUNCATE takes the rows of all that it names, and with CASCADE of what refers to them. */
export function truncate(statement: Tree, scene: Scene): undefined {
  const named = children(statement, "relations").map(({ tree }) => tableOf(tree, scene));
  const isCascade = cascades(statement);
  const tables = new Set(named);
  for (const table of tables) {
    for (const { from, constraint } of scene.catalog.referencesTo(table)) {
      if (tables.has(from)) continue;
      if (isCascade) tables.add(from);
      else
        return scene.emit({
          kind: "fails",
          why: `the foreign key ${constraint.name} of ${shown(from)} refers to ${shown(table)}`,
        });
    }
  }
  for (const table of tables) {
    scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
    scene.emit({
      kind: "lost",
      what: "rows",
      name: shown(table),
      table,
      older: olderThanFile(table, scene),
    });
  }
  if (isCascade)
    scene.emit({
      kind: "cascade",
      what: `TRUNCATE ${named.map(shown).join(", ")}`,
      older: named.some(exists),
      tables: [...tables].map(shown),
    });
}
