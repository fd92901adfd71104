/** Sequences that get another name or another schema, alone or with their table. */
import { type Tree, word } from "../../sql/tree.ts";
import { type Catalog, type CatalogSequence, shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";

/** ALTER TABLE takes a sequence too. */
export function isSequence(relation: Tree | undefined, { catalog }: Scene): boolean {
  const [name, schema] = [word(relation, "relname") ?? "", word(relation, "schemaname")];
  return (
    catalog.find(catalog.sequences, name, schema) !== undefined &&
    catalog.find(catalog.tables, name, schema) === undefined
  );
}

export function moveSequence(
  relation: Tree | undefined,
  to: { readonly name?: string | undefined; readonly schema?: string | undefined },
  { catalog }: Scene,
): undefined {
  const name = word(relation, "relname") ?? "";
  const key = catalog.keyIn(catalog.sequences, name, word(relation, "schemaname"));
  const sequence = catalog.sequences.get(key);
  if (sequence === undefined) return;
  catalog.sequences.delete(key);
  const schema = to.schema ?? key.slice(0, key.length - name.length - 1);
  catalog.sequences.set(`${schema}.${to.name ?? name}`, sequence);
}

/** The sequences that go along with a table. */
export function sequencesOf(
  table: Table,
  { sequences }: Catalog,
): readonly (readonly [string, CatalogSequence])[] {
  return [...sequences].filter(([, { ownedBy }]) => ownedBy === shown(table));
}
