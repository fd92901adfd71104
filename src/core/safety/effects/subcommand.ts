/** The parts of an ALTER TABLE, and what several of its files share. */
import type { Tree } from "../../sql/tree.ts";
import type { Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";

export type Subcommand = { readonly subtype: string; readonly tree: Tree };

/** A command that writes the whole table anew. */
export function rewritten(table: Table, command: string, scene: Scene): undefined {
  scene.emit({ kind: "table rewritten", table, command });
  scene.emit({ kind: "work", table, words: `${command} writes the table anew` });
}
