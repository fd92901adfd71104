/** Finds changes that somebody made in a database beside its migrations. */
import type { SchemaCatalog, SchemaObject } from "./catalog.ts";
import { type CatalogChange, catalogChanges, changeLines } from "./changes.ts";
import { compareIds } from "./order.ts";
import { schemaOf } from "./table-of.ts";

/** One object, and how it differs, as lines for people. */
export type Drifted = {
  /** `table public.posts`, `column title of table public.posts`. */
  readonly object: string;
  readonly change: CatalogChange["change"];
  /** `~ column title of table public.posts: type "text", was "integer"`. */
  readonly lines: readonly string[];
};

export type Drift = {
  readonly drifted: readonly Drifted[];
  /** Differences that are nobody's fault, with the reason. */
  readonly told: readonly string[];
};

/** The differences of `live` from what was `kept`, both as far as they are judged. */
export function driftOf(kept: SchemaCatalog, live: SchemaCatalog): Drift {
  const sides = [kept, live].map(({ objects }) => new Map(objects.map((one) => [one.id, one])));
  const [was = new Map(), is = new Map()] = sides as Map<string, SchemaObject>[];
  const schemas = newSchemas(was, is);
  const drifted: Drifted[] = [];
  const told: string[] = [...schemas].map(
    (schema) => `schema ${schema} is new: what is in it is not judged`,
  );
  const known = namedBefore(kept.leftOut, live);
  for (const change of catalogChanges(kept, live)) {
    if (change.change === "added" && known.objects.has(change.object)) continue;
    const object = is.get(change.object) ?? was.get(change.object);
    if (object !== undefined && schemas.has(schemaOf(object) ?? "")) continue;
    if (object !== undefined && followsParent(object)) continue;
    const reason = object === undefined ? undefined : reasonOf(object, change);
    if (reason !== undefined) told.push(`${change.object} ${reason}`);
    else
      drifted.push({
        ...{ object: change.object, change: change.change },
        lines: changeLines([change]).flatMap((line) => line.split("\n")),
      });
  }
  const names = kept.leftOut.filter((name) => !known.names.has(name));
  return { drifted: [...drifted, ...ofNames(names, live.leftOut)], told };
}

/**
 * Of rare kinds, an earlier Slipway kept only the name, without quotes and without the part behind
 * it.
 */
function namedBefore(kept: readonly string[], { objects, leftOut }: SchemaCatalog) {
  const open = kept.filter((name) => !leftOut.includes(name));
  // Of a class not even the name, only that of its family.
  const ofClass = open.find((name) => name.startsWith("operator family "));
  const found = objects.flatMap(({ kind, id }) => {
    if (kind === "operator class") return ofClass === undefined ? [] : [{ id, name: ofClass }];
    const bare = id.replaceAll('"', "");
    const name = open.find(
      (one) => bare === one || bare.startsWith(`${one} (`) || bare.startsWith(`${one} USING `),
    );
    return name === undefined ? [] : [{ id, name }];
  });
  return {
    objects: new Set(found.map(({ id }) => id)),
    names: new Set(found.map(({ name }) => name)),
  };
}

function newSchemas(
  was: ReadonlyMap<string, SchemaObject>,
  is: ReadonlyMap<string, SchemaObject>,
): ReadonlySet<string> {
  const fresh = [...is.values()].filter(({ kind, id }) => kind === "schema" && !was.has(id));
  return new Set(fresh.flatMap((object) => schemaOf(object) ?? []));
}

/** The index of a partition comes and goes with that of its parent. */
function followsParent(object: SchemaObject): boolean {
  return "partOf" in object && object.partOf !== undefined;
}

function reasonOf(object: SchemaObject, { change }: CatalogChange): string | undefined {
  if (change === "changed") return undefined;
  if (object.kind === "table" && object.partitionOf !== undefined)
    return change === "added" ? "is a partition that came since" : "is a partition that went since";
  if (change === "added" && object.kind === "index" && !object.valid)
    return "is not valid: a concurrent build left it";
  return undefined;
}

/** Of what cannot be written no more than the name is known. */
function ofNames(kept: readonly string[], live: readonly string[]): readonly Drifted[] {
  const names = [...new Set([...kept, ...live])].sort(compareIds);
  return names.flatMap((object): readonly Drifted[] => {
    if (kept.includes(object) === live.includes(object)) return [];
    return live.includes(object)
      ? [{ object, change: "added", lines: [`+ ${object}`] }]
      : [{ object, change: "removed", lines: [`- ${object}`] }];
  });
}
