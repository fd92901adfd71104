/** ALTER CONSTRAINT, and what of it reads rows. */
import { flag, type Tree, word } from "../../sql/tree.ts";
import { shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";

/** ENFORCED looks up every row, as ADD CONSTRAINT does, but under the lock of ALTER TABLE. Since 18. */
export function alterEnforcement(
  table: Table,
  definition: Tree,
  command: Tree,
  scene: Scene,
): undefined {
  const name = word(definition, "conname") ?? "";
  const constraint = table.constraints.get(name);
  if (constraint === undefined) {
    if (table.known && scene.catalog.complete && scene.server.major < 18)
      scene.emit({ kind: "fails", why: `${shown(table)} has no constraint ${name}` });
    return;
  }
  const isForeignKey = constraint.kind === "foreign key";
  if (!isForeignKey && !flag(definition, "alterInheritability"))
    return scene.emit({ kind: "fails", why: `${name} of ${shown(table)} is no foreign key` });
  if (!flag(definition, "alterEnforceability")) return;
  const becomes = flag(definition, "is_enforced");
  if (becomes && constraint.enforced === false) {
    const parent = constraint.references?.table;
    if (parent !== undefined && parent !== table)
      scene.emit({ kind: "lock", table: parent, mode: "SHARE ROW EXCLUSIVE", pair: constraint });
    scene.emit({
      kind: "constraint added",
      table,
      constraint,
      scans: true,
      builds: false,
      onColumn: false,
      written: command,
    });
    scene.emit({ kind: "work", table, words: "looks up the parent of every row" });
  }
  const other = constraint.references?.table;
  if (!becomes && isForeignKey && other !== undefined && other !== table)
    scene.emit({ kind: "lock", table: other, mode: "ACCESS EXCLUSIVE", pair: constraint });
  constraint.enforced = becomes;
  constraint.valid = becomes;
}
