/** A difference of written objects where some of them have other names first. */
import type { SchemaCatalog, SchemaObject, WrittenObject } from "../../catalog/catalog.ts";
import { compareIds } from "../../catalog/order.ts";
import type { SchemaOperation } from "../../language/operation.ts";
import type { Rename } from "../renames.ts";
import type { MigrationPart } from "../safe-parts.ts";
import type { DifferenceStep } from "../steps.ts";
import { type WrittenSides, writtenDifference } from "./difference.ts";
import { writtenParts } from "./parts.ts";
import type { WrittenRename, WrittenWords } from "./words.ts";

/** As `writtenParts`. Takes away objects that look through a renamed one, and makes them again. */
export function writtenPartsWith(
  sides: WrittenSides,
  renames: readonly Rename[],
): readonly MigrationPart[] {
  if (renames.length === 0) return writtenParts(sides);
  const { from, words } = sides;
  const free = withoutLookers(from, renames);
  let now = free;
  // Those of columns name the table as it was.
  const inOrder = renames.toSorted(
    (a, b) => Number(a.column === undefined) - Number(b.column === undefined),
  );
  const steps: DifferenceStep[] = [...writtenDifference({ ...sides, to: free })];
  for (const rename of inOrder) {
    const { name } = rename.table;
    steps.push({ operation: operationOf(rename), object: `table ${name}`, doing: "change" });
    now = renamedIn(now, { table: name, column: rename.column, to: rename.to }, words);
  }
  return writtenParts({ ...sides, from: now }, steps);
}

function operationOf({ table: { name }, column, to }: Rename): SchemaOperation {
  return column === undefined
    ? { kind: "rename_table", table: { name }, to }
    : { kind: "rename_column", table: { name }, column, to };
}

function renamedIn(
  catalog: SchemaCatalog,
  rename: WrittenRename,
  words: WrittenWords,
): SchemaCatalog {
  const objects = catalog.objects.map(
    (object): SchemaObject => (object.kind === "written" ? words.renamed(object, rename) : object),
  );
  return { ...catalog, objects: objects.sort((a, b) => compareIds(a.id, b.id)) };
}

/** Without the views, triggers and routines whose text has a name that goes, and what looks at those. */
function withoutLookers(catalog: SchemaCatalog, renames: readonly Rename[]): SchemaCatalog {
  const names = new Set(renames.map(({ table }) => table.name));
  const gone = new Set<WrittenObject>();
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const object of catalog.objects) {
      if (object.kind !== "written" || !looking.has(object.of) || gone.has(object)) continue;
      if (![...names].some((name) => object.definition.includes(name))) continue;
      gone.add(object);
      if (object.of === "view") names.add(object.table.name);
    }
  }
  const stays = (object: SchemaObject) => object.kind !== "written" || !gone.has(object);
  return { ...catalog, objects: catalog.objects.filter(stays) };
}

const looking: ReadonlySet<WrittenObject["of"]> = new Set(["view", "trigger"]);

/**
 * The tables and columns from which renames show. They stand in the schema that has no name in a
 * text.
 */
export function namedTables({ objects }: SchemaCatalog, words: WrittenWords): SchemaCatalog {
  const tables = objects.flatMap((object): readonly SchemaObject[] => {
    if (object.kind !== "written" || object.of !== "table") return [];
    const named = { prefix: "public", name: object.table.name };
    const columns = words
      .columns(object)
      .map(({ name, type }) => ({ name, type, isLocal: true, options: [] }));
    return [
      {
        ...{ kind: "table", id: `table public.${named.name}`, named, persistence: "permanent" },
        ...{ columns, inherits: [], options: [], needs: [] },
      },
    ];
  });
  return { objects: tables, leftOut: [] };
}
