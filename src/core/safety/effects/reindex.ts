/** REINDEX. */
import { children, optionOn, part, type Tree, word } from "../../sql/tree.ts";
import { type CatalogIndex, shown, type Table, treeOf } from "./catalog.ts";
import { exists, type Scene, tableNamed } from "./scene.ts";

export function reindex(statement: Tree, scene: Scene): undefined {
  const concurrently = optionOn(children(statement, "params"), "concurrently");
  const kind = (word(statement, "kind") ?? "").replace("REINDEX_OBJECT_", "");
  if (concurrently && scene.transaction.isBlock)
    scene.emit({ kind: "concurrently in transaction", words: "REINDEX CONCURRENTLY" });
  if (concurrently && kind === "SYSTEM")
    scene.emit({ kind: "fails", why: "system catalogs cannot be reindexed concurrently" });
  if (concurrently && scene.server.major < 12)
    scene.emit({ kind: "fails", why: "REINDEX CONCURRENTLY came with PostgreSQL 12" });
  if (!concurrently && scene.transaction.isBlock && /^(SYSTEM|DATABASE|SCHEMA)$/.test(kind))
    scene.emit({
      kind: "fails",
      why: `REINDEX ${kind} refuses a transaction`,
      refusesTransaction: true,
    });
  const relation = part(statement, "relation");
  const partitioned = partitionedBy(kind, relation, scene);
  const isNew = scene.server.major >= 14;
  if (partitioned !== undefined && isNew && scene.transaction.isBlock && !concurrently)
    scene.emit({
      kind: "fails",
      why: `REINDEX ${kind} of the partitioned table ${shown(partitioned)} refuses a transaction`,
      refusesTransaction: true,
    });
  const name = word(relation, "relname") ?? word(statement, "name") ?? "";
  const tables = reindexedTables(kind, relation, scene);
  if (tables.some((table) => table !== undefined && !exists(table))) return;
  for (const table of tables)
    if (table !== undefined)
      scene.emit({ kind: "lock", table, mode: concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE" });
  const index = kind === "INDEX" ? findIndex(name, word(relation, "schemaname"), scene) : undefined;
  const isSure =
    kind === "INDEX" ? index !== undefined : tables.every((table) => table?.heardOf !== true);
  const hasExclusion =
    index === undefined
      ? tables.some((table) => table !== undefined && treeOf(table).some(excludes))
      : isExclusion(index);
  if (concurrently && index !== undefined && hasExclusion)
    return scene.emit({
      kind: "fails",
      why: `${name} is the index of an exclusion, which is not built concurrently`,
    });
  const what = `${kind} ${name}`.trim();
  scene.emit({ kind: "index rebuilt", what, concurrently, isSure, hasForm: !hasExclusion });
  if (!concurrently) scene.emit({ kind: "work", table: tables[0], words: "builds indexes" });
}

/** The partitioned table that it is about: its partitions follow one by one, each in a transaction. */
function partitionedBy(kind: string, relation: Tree | undefined, scene: Scene): Table | undefined {
  if (!/^(TABLE|INDEX)$/.test(kind)) return undefined;
  const [table] = reindexedTables(kind, relation, scene);
  return table?.partitionBy === undefined ? undefined : table;
}

function findIndex(
  name: string,
  schema: string | undefined,
  { catalog }: Scene,
): CatalogIndex | undefined {
  return catalog.find(catalog.indexes, name, schema);
}

/** Whether CONCURRENTLY would leave an index of it as it is. */
function excludes({ constraints }: Table): boolean {
  return [...constraints.values()].some(({ kind }) => kind === "exclude");
}

function isExclusion({ table, constraint }: CatalogIndex): boolean {
  return constraint !== undefined && table.constraints.get(constraint)?.kind === "exclude";
}

function reindexedTables(
  kind: string,
  relation: Tree | undefined,
  scene: Scene,
): readonly (Table | undefined)[] {
  const { catalog } = scene;
  const name = word(relation, "relname") ?? "";
  if (kind === "INDEX")
    return [catalog.find(catalog.indexes, name, word(relation, "schemaname"))?.table];
  return kind === "TABLE" ? [tableNamed(name, word(relation, "schemaname"), scene)] : [];
}
