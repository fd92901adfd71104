/** Publications of logical replication: what of a change of a table its subscribers never hear of, and what stops them. */
import type { KnownPublications } from "../../model/database-facts.ts";
import { children, flag, names, part, type Tree, word } from "../../sql/tree.ts";
import { type Catalog, type Publication, shown, type Table } from "./catalog.ts";
import type { Effect, EffectOf } from "./effect.ts";
import { exists, type Scene, tableOf } from "./scene.ts";

const everything = ["insert", "update", "delete", "truncate"];

/** Puts the publications of production into a catalog, which tables are there, and the functions of extensions. A table counts as published where a partition of it is. */
export function knowPublications(facts: KnownPublications, catalog: Catalog): void {
  for (const { name, volatility } of facts.functions ?? [])
    catalog.ofExtensions.set(name, volatility);
  for (const { name } of facts.tables)
    catalog.inProduction.add(name.includes(".") ? name : `public.${name}`);
  const parents = new Map(facts.tables.map(({ name, partitionOf }) => [name, partitionOf]));
  for (const { name, allTables, publishes, tables } of facts.publications) {
    const byName = new Map<string, ReadonlySet<string> | undefined>();
    for (const { table, columns } of tables) {
      const listed = columns === undefined ? undefined : new Set(columns);
      const seen = new Set<string>();
      // A file may say that a table is its own partition.
      for (
        let at: string | undefined = table;
        at !== undefined && !seen.has(at);
        at = parents.get(at)
      ) {
        seen.add(at);
        byName.set(at, listed);
      }
    }
    const known = { all: allTables, publishes: new Set(publishes), byName, isKnown: true };
    catalog.publications.set(name, { ...emptyPublication(name), ...known });
  }
  for (const { name, replicaIdentity } of facts.tables)
    if (replicaIdentity !== undefined && replicaIdentity !== "default")
      catalog.identities.set(name, { by: replicaIdentity });
}

/** CREATE PUBLICATION and ALTER PUBLICATION. */
export function changePublication(statement: Tree, scene: Scene): undefined {
  const { publications } = scene.catalog;
  const name = word(statement, "pubname") ?? "";
  const action = word(statement, "action");
  const before = publications.get(name);
  if (before?.isKnown === true) return;
  const one = action === undefined || before === undefined ? emptyPublication(name) : before;
  if (flag(statement, "for_all_tables")) one.all = true;
  for (const { tree } of children(statement, "options"))
    if (word(tree, "defname") === "publish")
      one.publishes = new Set(
        optionText(tree)
          .trim()
          .split(/\s*,\s*/),
      );
  const objects = children(statement, "pubobjects");
  if (action === "AP_SetObjects" && objects.length > 0) {
    one.tables.clear();
    one.schemas.clear();
  }
  for (const { tree } of objects) {
    const published = part(tree, "pubtable");
    const schema = word(tree, "name");
    if (published !== undefined) {
      const table = tableOf(part(published, "relation"), scene);
      const columns = names(published, "columns");
      if (action === "AP_DropObjects") one.tables.delete(table);
      else one.tables.set(table, columns.length === 0 ? undefined : new Set(columns));
    } else if (schema !== undefined) {
      if (action === "AP_DropObjects") one.schemas.delete(schema);
      else one.schemas.add(schema);
    }
  }
  publications.set(name, one);
}

/** ALTER TABLE … REPLICA IDENTITY. */
export function setIdentity(table: Table, command: Tree, scene: Scene): undefined {
  const definition = part(part(command, "def"), "ReplicaIdentityStmt") ?? part(command, "def");
  const { identities } = scene.catalog;
  switch (word(definition, "identity_type")) {
    case "n":
      identities.set(shown(table), { by: "nothing" });
      return scene.emit({ kind: "identity lost", table });
    case "f":
      identities.set(shown(table), { by: "full" });
      return;
    case "i":
      identities.set(shown(table), { by: "index", index: word(definition, "name") });
      return;
    default: {
      identities.delete(shown(table));
      const hasKey = [...table.constraints.values()].some(({ kind }) => kind === "primary key");
      if (table.known && !hasKey) return scene.emit({ kind: "identity lost", table });
      return;
    }
  }
}

/** The consequence of a statement for subscribers, where its table is published. */
export function publishedChange(
  effect: Effect,
  catalog: Catalog,
): EffectOf<"published changed"> | undefined {
  const change = changeOf(effect, catalog);
  if (change === undefined || !exists(change.table)) return undefined;
  const { table, what, column } = change;
  const own = [...catalog.publications.values()].filter((publication) => {
    const columns = columnsOf(publication, table);
    if (columns === "not published") return false;
    if (what === "identity lost")
      return publication.publishes.has("update") || publication.publishes.has("delete");
    if (column === undefined || columns === undefined) return true;
    return what !== "column added" && columns.has(column);
  });
  if (own.length === 0) return undefined;
  return {
    kind: "published changed",
    ...{ table, what, column },
    publications: own.map(({ name }) => name),
    sendsTruncate: own.some(({ publishes }) => publishes.has("truncate")),
  };
}

type Change = Pick<EffectOf<"published changed">, "table" | "what" | "column">;

function changeOf(effect: Effect, catalog: Catalog): Change | undefined {
  switch (effect.kind) {
    case "column added": {
      const { table, column } = effect;
      // Not sent, unless a publication of 18 says so.
      if (column.default?.by === "generated") return undefined;
      return { table, what: "column added", column: column.name };
    }
    case "column type changed":
      return { table: effect.table, what: "column type", column: effect.column };
    case "lost": {
      const { table, what, name } = effect;
      if (table === undefined) return undefined;
      if (what === "rows") return { table, what: "truncated", column: undefined };
      if (what !== "column") return undefined;
      return { table, what: "column dropped", column: name.slice(name.lastIndexOf(".") + 1) };
    }
    case "renamed": {
      const { table, what, from } = effect;
      if (table === undefined || (what !== "column" && what !== "table")) return undefined;
      return { table, what: "renamed", column: what === "column" ? from : undefined };
    }
    case "identity lost":
      return { table: effect.table, what: "identity lost", column: undefined };
    case "constraint dropped": {
      const { table, primaryKey, replaced } = effect;
      if (!primaryKey || replaced || catalog.identities.has(shown(table))) return undefined;
      return { table, what: "identity lost", column: undefined };
    }
    case "index dropped": {
      const { table, index } = effect;
      if (table === undefined || catalog.identities.get(shown(table))?.index !== index)
        return undefined;
      return { table, what: "identity lost", column: undefined };
    }
    default:
      return undefined;
  }
}

/** Those that it sends of a table; `undefined` for all. */
function columnsOf(
  { all, schemas, tables, byName }: Publication,
  table: Table,
): ReadonlySet<string> | undefined | "not published" {
  if (tables.has(table)) return tables.get(table);
  if (byName.has(shown(table))) return byName.get(shown(table));
  if (all && table.persistence === "p") return undefined;
  if (schemas.has(table.schema)) return undefined;
  return table.parent === undefined
    ? "not published"
    : columnsOf({ all, schemas, tables, byName } as Publication, table.parent);
}

function emptyPublication(name: string): Publication {
  return {
    ...{ name, all: false, isKnown: false },
    publishes: new Set(everything),
    schemas: new Set(),
    tables: new Map(),
    byName: new Map(),
  };
}

function optionText(tree: Tree): string {
  const value = (tree.arg as { readonly String?: { readonly sval?: string } } | undefined)?.String;
  return value?.sval ?? everything.join(",");
}
