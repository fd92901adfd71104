/** Names that somebody says are others' from now on, and those that look as if they were. */
import type { SchemaCatalog, SchemaObject, TableObject } from "../catalog/catalog.ts";
import { canonical } from "../catalog/changes.ts";
import { notNullName } from "../catalog/not-null-name.ts";
import type { SchemaOperation } from "../language/operation.ts";
import type { Named } from "../model/named.ts";
import { difference } from "./difference.ts";
import { pathOf, renamedIn } from "./renamed-in.ts";
import { type DifferenceStep, execute, type Sides } from "./steps.ts";

/** A table, or a column of one, and its new name. */
export type Rename = { readonly table: Named; readonly column?: string; readonly to: string };

/**
 * Pairs each object that goes with a like one that comes, without those already renamed. Only a
 * person knows, so Slipway asks.
 */
export function perhapsRenamed(
  from: SchemaCatalog,
  to: SchemaCatalog,
  renames: readonly Rename[] = [],
): readonly Rename[] {
  const [was, is] = [tablesOf(from), tablesOf(to)];
  const gone = [...was.values()].filter(({ id }) => !is.has(id));
  const come = [...is.values()].filter(({ id }) => !was.has(id));
  const tables = gone.flatMap((table): readonly Rename[] => {
    const [like, another] = come.filter((one) => shapeOf(one) === shapeOf(table));
    if (like === undefined || another !== undefined) return [];
    if (like.named.prefix !== table.named.prefix) return [];
    return [{ table: table.named, to: like.named.name }];
  });
  const columns = [...was.values()].flatMap((table): readonly Rename[] => {
    const after = is.get(table.id);
    if (after === undefined) return [];
    const added = after.columns.filter(({ name }) => !has(table, name));
    return table.columns
      .filter(({ name }) => !has(after, name))
      .flatMap((column): readonly Rename[] => {
        const [like, another] = added.filter(({ type }) => type === column.type);
        if (like === undefined || another !== undefined) return [];
        return [{ table: table.named, column: column.name, to: like.name }];
      });
  });
  const said = new Set(renames.flatMap((one) => [...endsOf(one)]));
  return [...tables, ...columns].filter((one) => endsOf(one).every((end) => !said.has(end)));
}

/** The name that goes by the rename, and the one that comes. */
function endsOf({ table, column, to }: Rename): readonly string[] {
  const path = pathOf(table);
  return column === undefined
    ? [`- ${path}`, `+ ${pathOf({ ...table, name: to })}`]
    : [`- ${path}.${column}`, `+ ${path}.${to}`];
}

function has({ columns }: TableObject, name: string): boolean {
  return columns.some((column) => column.name === name);
}

function shapeOf({ columns }: TableObject): string {
  return canonical(columns.map(({ name, type }) => `${name} ${type}`).toSorted());
}

function tablesOf({ objects }: SchemaCatalog): ReadonlyMap<string, TableObject> {
  return new Map(
    objects.flatMap((object) => (object.kind === "table" ? [[object.id, object] as const] : [])),
  );
}

/** A difference, with its first catalog under the new names. */
export type RenamedDifference = {
  readonly steps: readonly DifferenceStep[];
  readonly from: SchemaCatalog;
};

/** As `difference`, where these have other names first. Objects that look through them are made again. */
export function differenceWith(sides: Sides, renames: readonly Rename[]): RenamedDifference {
  const { from } = sides;
  if (renames.length === 0) return { steps: difference(sides), from };
  const free = withoutDependents(from, renames);
  let now = free;
  // Those of columns name the table as it was.
  const inOrder = renames.toSorted(
    (a, b) => Number(a.column === undefined) - Number(b.column === undefined),
  );
  const steps: DifferenceStep[] = [...difference({ ...sides, to: free })].map((step) => ({
    ...step,
    doing: "remake",
  }));
  for (const rename of inOrder) {
    const table = now.objects.find(({ id }) => id === `table ${pathOf(rename.table)}`);
    if (table?.kind !== "table") continue;
    for (const operation of operationsOf(rename, table))
      steps.push({ operation, object: table.id, doing: "change" });
    now = renamedIn(now, rename);
  }
  return { steps: [...steps, ...difference({ ...sides, from: now })], from: now };
}

const looking: ReadonlySet<SchemaObject["kind"]> = new Set([
  ...(["view", "rule", "trigger", "policy", "statistics", "routine", "publication"] as const),
]);

/** Without the objects that name them, and those that need these. */
function withoutDependents(from: SchemaCatalog, renames: readonly Rename[]): SchemaCatalog {
  const tables = new Set(renames.map(({ table }) => `table ${pathOf(table)}`));
  const gone = new Set<string>();
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const object of from.objects) {
      const isReached = object.needs.some((need) => gone.has(need) || tables.has(need));
      const isOn = "table" in object && tables.has(`table ${pathOf(object.table)}`);
      if (looking.has(object.kind) && (isReached || isOn)) gone.add(object.id);
      if (object.kind === "index" && gone.has(`view ${pathOf(object.table)}`)) gone.add(object.id);
    }
  }
  return { ...from, objects: from.objects.filter(({ id }) => !gone.has(id)) };
}

function operationsOf(rename: Rename, { named, columns }: TableObject): readonly SchemaOperation[] {
  const { column, to } = rename;
  const required = columns.filter(
    ({ notNull }) => notNull !== undefined && notNull.name === undefined,
  );
  if (column === undefined)
    return [
      { kind: "rename_table", table: named, to },
      ...required.flatMap(({ name }) =>
        notNullNamed({ ...named, name: to }, [named.name, name], [to, name]),
      ),
    ];
  const isRequired = required.some(({ name }) => name === column);
  return [
    { kind: "rename_column", table: named, column, to },
    ...(isRequired ? notNullNamed(named, [named.name, column], [named.name, to]) : []),
  ];
}

/** PostgreSQL 18 has a constraint behind NOT NULL, which keeps its name. */
type OfColumn = readonly [table: string, column: string];

function notNullNamed(table: Named, from: OfColumn, to: OfColumn): readonly SchemaOperation[] {
  const block = (was: OfColumn, is: OfColumn) => {
    const [one, other] = [was, is].map(([owner, column]) => notNullName(owner, column));
    if (one === other) return "";
    const literal = (text = "") => `'${text.replaceAll("'", "''")}'`;
    const quoted = (text = "") => `"${text.replaceAll('"', '""')}"`;
    const path = [...(table.prefix === undefined ? [] : [table.prefix]), table.name]
      .map(quoted)
      .join(".");
    return `DO $slipway$ BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = ${literal(path)}::pg_catalog.regclass AND conname = ${literal(one)}) THEN
    ALTER TABLE ${path} RENAME CONSTRAINT ${quoted(one)} TO ${quoted(other)};
  END IF;
END $slipway$`;
  };
  const [there, back] = [block(from, to), block(to, from)];
  return there === "" ? [] : execute([there], [back]);
}

/** Reads `posts.title=heading`, as the user gives it; nothing for a text that renames no existing table. */
export function renameOf(text: string, { objects }: SchemaCatalog): Rename | undefined {
  const [, path = "", to = ""] = /^([^=]+)=([^=.]+)$/.exec(text) ?? [];
  for (const object of objects) {
    if (object.kind !== "table") continue;
    const names = [
      pathOf(object.named),
      ...(object.named.prefix === "public" ? [object.named.name] : []),
    ];
    if (names.includes(path)) return { table: object.named, to };
    const column = object.columns.find(({ name }) =>
      names.some((one) => path === `${one}.${name}`),
    );
    if (column !== undefined) return { table: object.named, column: column.name, to };
  }
  return undefined;
}

/**
 * Why these are no renames of one schema to the other, `posts.title=heading is …`; nothing where
 * they are. The old names must go, the new names must come, and each only once.
 */
export function wrongRename(
  renames: readonly Rename[],
  { from, to }: { readonly from: SchemaCatalog; readonly to: SchemaCatalog },
): { readonly rename: Rename; readonly reason: string } | undefined {
  const [was, is] = [tablesOf(from), tablesOf(to)];
  const moved = new Map(
    renames.flatMap((one) => (one.column === undefined ? [[pathOf(one.table), one] as const] : [])),
  );
  const [seen, ends] = [new Set<string>(), new Set<string>()];
  for (const { table, column, to: name } of renames)
    ends.add(column === undefined ? pathOf({ ...table, name }) : `${pathOf(table)}.${name}`);
  for (const rename of renames) {
    const { table, column, to: name } = rename;
    const later = { ...table, name: moved.get(pathOf(table))?.to ?? table.name };
    const [before, after] = [was.get(`table ${pathOf(table)}`), is.get(`table ${pathOf(later)}`)];
    const [old, fresh] =
      column === undefined
        ? [pathOf(table), pathOf(later)]
        : [`${pathOf(table)}.${column}`, `${pathOf(later)}.${name}`];
    const freed = column === undefined ? fresh : `${pathOf(table)}.${name}`;
    const comes = after !== undefined && (column === undefined || has(after, name));
    const isThere =
      column === undefined
        ? was.has(`table ${pathOf(later)}`)
        : before !== undefined && has(before, name);
    const stays =
      column === undefined
        ? is.has(`table ${pathOf(table)}`)
        : after !== undefined && has(after, column);
    if (seen.has(old) || seen.has(`=${fresh}`)) return { rename, reason: "said twice" };
    const [shownOld, shown] = [old, fresh].map((one) => one.replace(/^public\./, ""));
    if (!comes) return { rename, reason: `${shown}, which the wished schema does not have` };
    if (isThere && !seen.has(freed)) return { rename, reason: `${shown}, which is there already` };
    if (stays && !ends.has(old))
      return { rename, reason: `${shownOld}, which the wished schema has, too` };
    seen.add(old).add(`=${fresh}`);
  }
  return undefined;
}

/** `posts.title=heading`. */
export function renameText({ table, column, to }: Rename): string {
  const path = table.prefix === "public" ? table.name : pathOf(table);
  return `${path}${column === undefined ? "" : `.${column}`}=${to}`;
}
