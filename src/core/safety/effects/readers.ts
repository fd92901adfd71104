/** Publications, and functions whose body is parsed: what they read cannot be taken away from under them. */
import { children, columnsIn, names, part, type Tree, word } from "../../sql/tree.ts";
import type { Table } from "./catalog.ts";
import { type Scene, tableOf } from "./scene.ts";
import { viewSources } from "./view.ts";

/** CREATE PUBLICATION and ALTER PUBLICATION: the columns that are listed, and those of the condition. */
export function publish(statement: Tree, scene: Scene): undefined {
  const name = word(statement, "pubname") ?? "";
  const action = word(statement, "action") ?? "AP_AddObjects";
  const locked = (table: Table) =>
    scene.emit({ kind: "lock", table, mode: "SHARE UPDATE EXCLUSIVE" });
  if (action === "AP_SetObjects") {
    for (const table of scene.catalog.tables.values())
      if (table.readers.has(publication(name))) locked(table);
    forgetReader(publication(name), scene);
  }
  for (const { tree } of children(statement, "pubobjects")) {
    const published = part(tree, "pubtable");
    if (published === undefined) continue;
    const table = tableOf(part(published, "relation"), scene);
    locked(table);
    const columns = new Set([...names(published, "columns"), ...columnsIn(published.whereClause)]);
    if (action === "AP_DropObjects") table.readers.delete(publication(name));
    else table.readers.set(publication(name), columns);
  }
}

/** A body between BEGIN ATOMIC and END, and one behind RETURN, depend on what they read. */
export function readsInBody(name: string, body: unknown, scene: Scene): undefined {
  forgetReader(routine(name), scene);
  if (body === undefined) return;
  for (const { table, columns } of viewSources(body, scene)) {
    const before = table.readers.get(routine(name)) ?? [];
    table.readers.set(routine(name), new Set([...before, ...columns]));
  }
}

/** DROP FUNCTION and DROP PUBLICATION. */
export function dropReader(name: string, scene: Scene): undefined {
  scene.catalog.publications.delete(name);
  forgetReader(publication(name), scene);
  forgetReader(routine(name), scene);
}

/** Who reads the column, in words. */
export function readerOf(table: Table, column: string): string | undefined {
  return [...table.readers].find(([, columns]) => columns.has(column))?.[0];
}

function forgetReader(words: string, { catalog }: Scene): undefined {
  for (const table of catalog.tables.values()) table.readers.delete(words);
}

function publication(name: string): string {
  return `the publication ${name}`;
}

function routine(name: string): string {
  return `the function ${name}`;
}
