/** A catalog as a run keeps it, to be compared with what the database has later. */
import type { SchemaCatalog, SchemaObject } from "./catalog.ts";
import { canonical } from "./changes.ts";
import { compareIds } from "./order.ts";
import { schemaOf, tableOf } from "./table-of.ts";

/** The part of a catalog that is judged. */
export type JudgedScope = {
  /** The names of Slipway's own tables, and of the histories. */
  readonly own: ReadonlySet<string>;
  /** The schema of the history. Another schema with a history belongs to someone else. */
  readonly home: string | undefined;
  /** Only objects in `home`: the others belong to other tenants. Default: `false`. */
  readonly onlyHome?: boolean;
  /** Schemas of tenants, each with its history. Default: none. */
  readonly tenants?: ReadonlySet<string>;
  /** Ids and names that are left alone, with `*` for any text: `table public.audit_*`, `public.audit_*`. */
  readonly ignore: readonly string[];
};

/** Leaves out Slipway's objects, those of others, and facts that say nothing about the schema. */
export function judged(catalog: SchemaCatalog, given: JudgedScope): SchemaCatalog {
  const { objects, leftOut } = catalog;
  const scope = { ...given, own: new Set([...given.own, ...historiesIn(objects)]) };
  const others = new Set(othersIn(objects, scope));
  const isIgnored = ignores(scope.ignore);
  return {
    objects: objects
      .filter(
        (object) =>
          !scope.own.has(tableOf(object)) &&
          !others.has(schemaOf(object) ?? "") &&
          scope.tenants?.has(schemaOf(object) ?? "") !== true &&
          !(scope.onlyHome === true && schemaOf(object) !== scope.home) &&
          !isIgnored(object),
      )
      .map(asKept),
    leftOut: scope.onlyHome === true ? [] : leftOut.filter((name) => !isIgnored(name)),
  };
}

/** Whether patterns name an object, or its id: `public.audit_*` names `table public.audit_log`, and its indexes. */
export function ignores(patterns: readonly string[]): (object: SchemaObject | string) => boolean {
  const isNamed = matcher(patterns);
  return (object) =>
    (typeof object === "string" ? [object, bare(object)] : namesOf(object)).some(isNamed);
}

/** Tables that are the history of anybody: another release may have its own beside ours, under another name. */
function historiesIn(objects: readonly SchemaObject[]): readonly string[] {
  return objects.filter(isHistory).map(tableOf);
}

function isHistory(object: SchemaObject): boolean {
  if (object.kind === "table") {
    const names = new Set(object.columns.map(({ name }) => name));
    return columnsOfHistory.every((name) => names.has(name));
  }
  if (object.kind !== "written" || object.of !== "table") return false;
  return columnsOfHistory.every((name) => new RegExp(`["\`]${name}["\`]`).test(object.definition));
}

/** Which no other table has together. */
const columnsOfHistory = ["inserted_at", "checksum", "meaning", "plan"];

/** Schemas that have a history, and are not its own. */
function othersIn(objects: readonly SchemaObject[], { own, home }: JudgedScope): readonly string[] {
  if (home === undefined) return [];
  const schemas = new Set(
    objects.flatMap((object) =>
      object.kind === "table" && own.has(object.named.name) ? (object.named.prefix ?? []) : [],
    ),
  );
  // A history that is found by the search path may stand alone in another schema.
  return schemas.has(home) ? [...schemas].filter((schema) => schema !== home) : [];
}

function asKept(object: SchemaObject): SchemaObject {
  // Whoever fills a view changes no schema; and the comment on this one comes with a new database, or does not.
  if (object.kind === "view") return { ...object, populated: true, needs: [] };
  // The packages of the server decide which versions there are.
  if (object.kind === "extension") {
    const { version, newest, ...rest } = object;
    return { ...rest, needs: [] };
  }
  const { comment, ...rest } = object;
  return object.id === "schema public" || comment === undefined
    ? { ...rest, needs: [] }
    : { ...object, needs: [] };
}

/** If you leave a table alone, its parts are left alone too. */
function namesOf(object: SchemaObject): readonly string[] {
  const table = "table" in object ? object.table : undefined;
  const dotted =
    table === undefined
      ? []
      : [table.prefix === undefined ? table.name : `${table.prefix}.${table.name}`];
  const schema = schemaOf(object);
  return [
    object.id,
    bare(object.id),
    ...dotted.flatMap((name) => [name, `table ${name}`]),
    ...(schema === undefined ? [] : [`schema ${schema}`]),
  ];
}

function bare(id: string): string {
  return id.slice(id.indexOf(" ") + 1);
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
  });
  return (name) => expressions.some((expression) => expression.test(name));
}

/**
 * The catalog to keep after a run. The run's changes are as they are now, and all else as it was
 * kept before, so that Slipway still reports changes by hand. If nothing was kept, all is as it is
 * now.
 */
export function keptAfter(
  kept: SchemaCatalog | undefined,
  { before, after }: { readonly before: SchemaCatalog; readonly after: SchemaCatalog },
): SchemaCatalog {
  if (kept === undefined) return after;
  const [was, had, has] = [byId(kept), byId(before), byId(after)];
  const ids = [...new Set([...was.keys(), ...has.keys()])].sort(compareIds);
  const names = [...new Set([...kept.leftOut, ...after.leftOut])].sort(compareIds);
  return {
    objects: ids.flatMap((id) => merged(was.get(id), had.get(id), has.get(id)) ?? []),
    leftOut: names.filter((name) => {
      const [there, now] = [before.leftOut.includes(name), after.leftOut.includes(name)];
      return there === now ? kept.leftOut.includes(name) : now;
    }),
  };
}

function byId({ objects }: SchemaCatalog): ReadonlyMap<string, SchemaObject> {
  return new Map(objects.map((object) => [object.id, object]));
}

type Facts = { readonly [fact: string]: unknown };

/** Fact by fact, and column by column: a run changes no more of a table than it says. */
function merged<Part extends object>(
  was: Part | undefined,
  had: Part | undefined,
  has: Part | undefined,
): Part | undefined {
  if (canonical(had) === canonical(has)) return was;
  if (was === undefined || had === undefined || has === undefined) return has;
  const [kept, before, after] = [was, had, has] as unknown as [Facts, Facts, Facts];
  const facts = [...new Set([...Object.keys(kept), ...Object.keys(after)])];
  const entries = facts.map((fact) => {
    if (fact === "columns") return [fact, mergedColumns(kept[fact], before[fact], after[fact])];
    const isSame = canonical(before[fact]) === canonical(after[fact]);
    return [fact, isSame ? kept[fact] : after[fact]];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Part;
}

type Column = { readonly name: string };

function mergedColumns(kept: unknown, before: unknown, after: unknown): readonly Column[] {
  const [was, had, has] = [byName(kept), byName(before), byName(after)];
  const names = [...new Set([...was.keys(), ...has.keys()])];
  return names.flatMap((name) => merged(was.get(name), had.get(name), has.get(name)) ?? []);
}

function byName(columns: unknown): ReadonlyMap<string, Column> {
  return new Map(((columns ?? []) as readonly Column[]).map((column) => [column.name, column]));
}
