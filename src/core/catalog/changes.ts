/** Compares two catalogs, object by object. */
import type { SchemaCatalog, SchemaObject, TableColumn, TableObject } from "./catalog.ts";
import { compareIds } from "./order.ts";
import { writtenMeaning } from "./written-meaning.ts";

/** One object that is in one of the two alone, or that is another in the second. */
export type CatalogChange = {
  readonly kind: SchemaObject["kind"] | "column";
  /** `table public.posts`, `column title of table public.posts`. */
  readonly object: string;
  readonly change: "added" | "removed" | "changed";
  /** The differing facts of an object that both have. */
  readonly facts: readonly ChangedFact[];
};

/** `was` or `is` is `undefined` where nothing was, or is, said. */
export type ChangedFact = {
  readonly fact: string;
  readonly was: unknown;
  readonly is: unknown;
};

/**
 * The differences of `to` from `from`, by the objects' ids. If only one of them has a table, its
 * parts are not listed one by one. The order of columns does not count, nor do the needs of an
 * object.
 */
export function catalogChanges(from: SchemaCatalog, to: SchemaCatalog): readonly CatalogChange[] {
  const was = new Map(from.objects.map((object) => [object.id, object]));
  const is = new Map(to.objects.map((object) => [object.id, object]));
  const ids = [...new Set([...was.keys(), ...is.keys()])].sort(compareIds);
  return ids.flatMap((id) => {
    const [before, after] = [was.get(id), is.get(id)];
    if (before !== undefined && after !== undefined) return changesOf(before, after);
    const [object, change, there] =
      after === undefined ? ([before, "removed", was] as const) : ([after, "added", is] as const);
    if (object === undefined || goesWithTable(object, { was, is, there })) return [];
    return [{ kind: object.kind, object: id, change, facts: [] }];
  });
}

type Sides = {
  readonly was: ReadonlyMap<string, SchemaObject>;
  readonly is: ReadonlyMap<string, SchemaObject>;
  readonly there: ReadonlyMap<string, SchemaObject>;
};

/** Whether it is a part of a table that is in the same catalog alone. */
function goesWithTable(object: SchemaObject, { was, is, there }: Sides): boolean {
  const owner =
    "table" in object
      ? object.table
      : object.kind === "sequence"
        ? object.ownedBy?.table
        : undefined;
  if (owner === undefined) return false;
  const name = owner.prefix === undefined ? owner.name : `${owner.prefix}.${owner.name}`;
  return [`table ${name}`, `view ${name}`].some(
    (id) => id !== object.id && there.has(id) && !(was.has(id) && is.has(id)),
  );
}

function changesOf(before: SchemaObject, after: SchemaObject): readonly CatalogChange[] {
  const facts = changedFacts(before, after);
  const changed: CatalogChange = {
    ...{ kind: after.kind, object: after.id },
    ...{ change: "changed", facts },
  };
  return [
    ...(facts.length === 0 ? [] : [changed]),
    ...(before.kind === "table" && after.kind === "table" ? columnChanges(before, after) : []),
  ];
}

/** Column by column, in the order of their names. */
function columnChanges(before: TableObject, after: TableObject): readonly CatalogChange[] {
  const was = new Map(before.columns.map((column) => [column.name, column]));
  const is = new Map(after.columns.map((column) => [column.name, column]));
  const names = [...new Set([...was.keys(), ...is.keys()])].sort(compareIds);
  return names.flatMap((name): readonly CatalogChange[] => {
    const column = { kind: "column", object: `column ${name} of ${after.id}` } as const;
    const [old, fresh] = [was.get(name), is.get(name)];
    if (old === undefined) return [{ ...column, change: "added", facts: [] }];
    if (fresh === undefined) return [{ ...column, change: "removed", facts: [] }];
    const facts = changedFacts(old, fresh);
    return facts.length === 0 ? [] : [{ ...column, change: "changed", facts }];
  });
}

/** Compares two objects of the same name. */
export function changedFacts(
  was: SchemaObject | TableColumn,
  is: SchemaObject | TableColumn,
): readonly ChangedFact[] {
  if (saysTheSame(was, is)) return [];
  const [before, after] = [factsOf(was), factsOf(is)];
  const facts = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareIds);
  return facts
    .filter((fact) => canonical(before[fact]) !== canonical(after[fact]))
    .map((fact) => ({ fact, was: shownAs(before[fact]), is: shownAs(after[fact]) }));
}

/** Whether two texts differ in their spelling alone. */
function saysTheSame(was: SchemaObject | TableColumn, is: SchemaObject | TableColumn): boolean {
  if (!("kind" in was) || !("kind" in is)) return false;
  if (was.kind !== "written" || is.kind !== "written" || was.mode !== is.mode) return false;
  return was.definition === is.definition || writtenMeaning(was) === writtenMeaning(is);
}

type Facts = { readonly [fact: string]: unknown };

/** Leaves out columns, which are compared one by one, and needs, which follow from the rest. */
function factsOf(object: SchemaObject | TableColumn): Facts {
  const { needs: _, ...facts } = object as Facts;
  if (!("kind" in object)) return facts;
  if (object.kind === "statistics")
    return { ...facts, definition: withSortedColumns(object.definition) };
  if (object.kind === "extension") return { ...facts, newest: undefined };
  if (object.kind !== "table") return facts;
  const { columns: __, ...rest } = facts;
  return rest;
}

/** The server writes the columns of a statistics object in the order of those of the table. */
function withSortedColumns(definition: string): string {
  return definition.replace(
    / ON (.*) FROM /,
    (_, columns: string) => ` ON ${columns.split(", ").sort(compareIds).join(", ")} FROM `,
  );
}

/** An expression is its text. */
function shownAs(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("expression" in value)) return value;
  return "kept" in value ? `(${value.expression}) ${value.kept}` : value.expression;
}

/** The same text for the same value, in whatever order its parts stand. */
export function canonical(value: unknown): string {
  const sorted = JSON.stringify(value, (key, part) => {
    if (key === "needs") return undefined;
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => compareIds(a, b)));
  });
  return sorted ?? "";
}

/** One line for each, for people: `+ index public.posts_title`, `~ column title of table public.posts: type "text", was "integer"`. */
export function changeLines(changes: readonly CatalogChange[]): readonly string[] {
  return changes.flatMap(({ object, change, facts }) => {
    if (change === "added") return [`+ ${object}`];
    if (change === "removed") return [`- ${object}`];
    return facts.map(({ fact, was, is }) =>
      typeof was === "string" && typeof is === "string" && isLong(was, is)
        ? textChange(object, { fact, was, is })
        : `~ ${object}: ${wordsOf(fact)} ${yesOrNo(fact, is)}, was ${yesOrNo(fact, was)}`,
    );
  });
}

function isLong(...texts: readonly string[]): boolean {
  return texts.some((text) => text.length > 80 || text.includes("\n"));
}

/** The lines that one of them has alone. */
function textChange(
  object: string,
  { fact, was, is }: { readonly fact: string; readonly was: string; readonly is: string },
): string {
  const [before, after] = [was.split("\n"), is.split("\n")];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `    - ${line.trim()}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `    + ${line.trim()}`);
  return [`~ ${object}: ${wordsOf(fact)}`, ...gone, ...come].join("\n");
}

/** `partitionBy` as `partition by`. */
function wordsOf(fact: string): string {
  return fact.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "none";
  return JSON.stringify(value);
}

/** Of a NOT NULL with nothing special about it only whether it is there. */
function yesOrNo(fact: string, value: unknown): string {
  return fact === "notNull" && [undefined, '{"isLocal":true}'].includes(JSON.stringify(value))
    ? value === undefined
      ? "no"
      : "yes"
    : shown(value);
}
