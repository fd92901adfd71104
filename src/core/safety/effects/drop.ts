/** DROP of everything. */
import { flag, listOf, stringsOf, type Tree, word } from "../../sql/tree.ts";
import { rootOf, shown, type Table } from "./catalog.ts";
import { removeTable } from "./dependents.ts";
import { dropIndex } from "./index-statement.ts";
import { isHandedDown, otherEnds } from "./parent.ts";
import { dropReader } from "./readers.ts";
import { tellsAll } from "./refusals/relation.ts";
import { exists, olderThanFile, type Scene, tableNamed } from "./scene.ts";

/** The names of the dropped objects, each in its parts. */
type Paths = readonly (readonly string[])[];

export function drop(statement: Tree, scene: Scene): undefined {
  const paths = listOf(statement.objects).map(({ kind, tree }) =>
    // A function's name stands beside the types of its arguments.
    stringsOf(tree.objname ?? { [kind]: tree }),
  );
  switch (word(statement, "removeType")) {
    case "OBJECT_INDEX":
      return dropIndex(statement, paths, scene);
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
      return dropTables(statement, paths, scene);
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
      return dropViews(statement, paths, scene);
    case "OBJECT_SCHEMA":
      return dropSchemas(statement, paths, scene);
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN":
      return dropTypes(statement, paths, scene);
    case "OBJECT_TRIGGER":
    case "OBJECT_POLICY":
    case "OBJECT_RULE":
      return dropOfTable(statement, paths, scene);
    case "OBJECT_SEQUENCE":
      return dropSequences(statement, paths, scene);
    default:
      for (const path of paths) dropReader(path.at(-1) ?? "", scene);
      if (word(statement, "removeType") === "OBJECT_FUNCTION" && cascades(statement))
        for (const path of paths) dropTriggersOf(path.at(-1) ?? "", path.at(-2), scene);
      if (word(statement, "removeType") === "OBJECT_STATISTIC_EXT")
        for (const table of scene.catalog.tables.values())
          for (const path of paths)
            if (table.statistics.delete(path.at(-1) ?? ""))
              scene.emit({ kind: "lock", table, mode: "SHARE UPDATE EXCLUSIVE" });
      return cascadeOf(statement, paths, { older: true, tables: [] }, scene);
  }
}

/** Whether a statement says CASCADE. */
export function cascades(statement: Tree): boolean {
  return word(statement, "behavior") === "DROP_CASCADE";
}

function cascadeOf(
  statement: Tree,
  paths: Paths,
  about: { readonly older: boolean; readonly tables: readonly Table[] },
  scene: Scene,
): undefined {
  if (!cascades(statement)) return;
  const kind = (word(statement, "removeType") ?? "")
    .replace("OBJECT_", "")
    .replace("MATVIEW", "MATERIALIZED VIEW")
    .replaceAll("_", " ");
  scene.emit({
    kind: "cascade",
    what: `DROP ${kind} ${paths.map((path) => path.join(".")).join(", ")}`,
    older: about.older,
    tables: [...new Set(about.tables.flatMap((one) => dependentsOf(one, scene)))].map(shown),
  });
}

/** The table with what reads it or refers to it. */
function dependentsOf(table: Table, { catalog }: Scene): readonly Table[] {
  const referring = catalog.referencesTo(table).map(({ from }) => from);
  return [table, ...catalog.viewsOn(table), ...referring];
}

function dropTables(statement: Tree, paths: Paths, scene: Scene): undefined {
  const tables = found(statement, paths, scene);
  for (const table of tables) {
    const why = cascades(statement) ? undefined : dependentOn(table, tables, scene);
    if (why !== undefined) {
      scene.emit({ kind: "fails", why });
      continue;
    }
    const goesToo = cascades(statement) ? referringAbove(table, scene) : [];
    for (const one of new Set([table, ...partners(table, scene), ...goesToo]))
      scene.emit({ kind: "lock", table: one, mode: "ACCESS EXCLUSIVE" });
    scene.emit({
      kind: "lost",
      what: "table",
      name: shown(table),
      table,
      older: olderThanFile(table, scene),
    });
    cascadeOf(statement, [[shown(table)]], { older: exists(table), tables: [table] }, scene);
    removeTable(table, scene);
  }
}

/** Foreign keys that refer to the table above a partition go with it, and both of their ends are locked. */
function referringAbove(table: Table, scene: Scene): readonly Table[] {
  if (table.parent === undefined) return [];
  const { referring } = otherEnds(table.parent, scene);
  return referring.length === 0 ? [] : [rootOf(table), ...referring];
}

/** Tables that are locked too: the other ends of foreign keys, and the parent of a partition. */
function partners(table: Table, { catalog }: Scene): readonly Table[] {
  const parents = [...table.constraints.values()]
    // A constraint that came from the table above stays there.
    .filter((one) => !isHandedDown(one, table.parent))
    .flatMap((one) => one.references?.table ?? []);
  const children = catalog.referencesTo(table).map(({ from }) => from);
  const parent = table.parent === undefined ? [] : [table.parent];
  return [...new Set([...parents, ...children, ...parent])].filter((one) => one !== table);
}

function found(statement: Tree, paths: Paths, scene: Scene): readonly Table[] {
  return paths.flatMap((path) => {
    const [name = "", schema] = [...path].reverse();
    const known = scene.catalog.find(scene.catalog.tables, name, schema);
    if (known === undefined && scene.catalog.complete && flag(statement, "missing_ok")) return [];
    return [known ?? tableNamed(name, schema, scene)];
  });
}

function dependentOn(
  table: Table,
  dropped: readonly Table[],
  { catalog }: Scene,
): string | undefined {
  const view = catalog.viewsOn(table).find((one) => !dropped.includes(one));
  if (view !== undefined) return `the ${view.kind} ${shown(view)} reads ${shown(table)}`;
  const heir = [...catalog.tables.values()].find(
    (one) => one.inherits.includes(table) && !dropped.includes(one),
  );
  if (heir !== undefined) return `${shown(heir)} inherits from ${shown(table)}`;
  const key = catalog.referencesTo(table).find(({ from }) => !dropped.includes(from));
  return key === undefined
    ? undefined
    : `the foreign key ${key.constraint.name} of ${shown(key.from)} refers to ${shown(table)}`;
}

function dropViews(statement: Tree, paths: Paths, scene: Scene): undefined {
  const views = found(statement, paths, scene);
  for (const view of views) {
    const dependent = cascades(statement)
      ? undefined
      : scene.catalog.viewsOn(view).find((one) => !views.includes(one));
    if (dependent !== undefined) {
      scene.emit({
        kind: "fails",
        why: `the ${dependent.kind} ${shown(dependent)} reads ${shown(view)}`,
      });
      continue;
    }
    cascadeOf(statement, [[shown(view)]], { older: exists(view), tables: [view] }, scene);
    removeTable(view, scene);
  }
}

function dropSchemas(statement: Tree, paths: Paths, scene: Scene): undefined {
  const { catalog } = scene;
  for (const [name = ""] of paths) {
    const origin = catalog.schemas.get(name);
    if (origin === undefined && catalog.complete && flag(statement, "missing_ok")) continue;
    const inside = [...catalog.tables.values()].filter(
      (table) => table.schema === name && table.known,
    );
    if (inside.length > 0 && !cascades(statement)) {
      scene.emit({
        kind: "fails",
        why: `the schema ${name} is not empty: ${inside.map(shown).join(", ")}`,
      });
      continue;
    }
    const older = origin === undefined || olderThanFile({ origin }, scene);
    scene.emit({ kind: "lost", what: "schema", name, older });
    cascadeOf(
      statement,
      [[name]],
      { older: origin === undefined || !origin.run, tables: inside },
      scene,
    );
    for (const table of inside) removeTable(table, scene);
    catalog.schemas.delete(name);
  }
}

function dropTypes(statement: Tree, paths: Paths, scene: Scene): undefined {
  const { catalog } = scene;
  for (const path of paths) {
    const [name = "", schema] = [...path].reverse();
    const key = catalog.keyIn(catalog.enums, name, schema);
    const user = [...catalog.tables.values()].find((table) =>
      [...table.columns.values()].some(
        ({ type }) => type.name === name && catalog.keyIn(catalog.enums, name, type.schema) === key,
      ),
    );
    if (user?.known === true && user.kind === "table" && !cascades(statement)) {
      scene.emit({ kind: "fails", why: `${shown(user)} has a column of the type ${name}` });
      continue;
    }
    const own =
      catalog.find(catalog.enums, name, schema) ?? catalog.find(catalog.domains, name, schema);
    const users = user === undefined ? [] : [user];
    cascadeOf(statement, [path], { older: own === undefined || exists(own), tables: users }, scene);
    catalog.enums.delete(catalog.keyIn(catalog.enums, name, schema));
    catalog.domains.delete(catalog.keyIn(catalog.domains, name, schema));
  }
}

function dropSequences(statement: Tree, paths: Paths, scene: Scene): undefined {
  const { catalog } = scene;
  for (const path of paths) {
    const [name = "", schema] = [...path].reverse();
    const own = catalog.find(catalog.sequences, name, schema);
    cascadeOf(statement, [path], { older: own === undefined || exists(own), tables: [] }, scene);
    catalog.sequences.delete(catalog.keyIn(catalog.sequences, name, schema));
  }
}

/** Triggers, policies and rules: their name comes behind their table's. */
function dropOfTable(statement: Tree, paths: Paths, scene: Scene): undefined {
  for (const path of paths) {
    const [name = "", table = "", schema] = [...path].reverse();
    const on = tableNamed(table, schema, scene);
    // The server locks nothing for an object that does not exist.
    if (flag(statement, "missing_ok") && hasNot(on, name, scene)) continue;
    scene.emit({ kind: "lock", table: on, mode: "ACCESS EXCLUSIVE" });
    if (word(statement, "removeType") === "OBJECT_TRIGGER")
      scene.emit({ kind: "trigger changed", table: on, words: `DROP TRIGGER ${name}` });
    on.triggers.delete(name);
    on.policies.delete(name);
    on.rules.delete(name);
    cascadeOf(statement, [path], { older: exists(on), tables: [on] }, scene);
  }
}

/** Whether the table surely has no trigger, policy or rule of the name. */
export function hasNot(table: Table, name: string, { catalog }: Scene): boolean {
  const { heardOf, triggers, policies, rules } = table;
  if (heardOf === true) return tellsAll(catalog);
  return (
    tellsAll(catalog) &&
    // Of a table above it a trigger may have come.
    table.parent === undefined &&
    !(triggers.has(name) || policies.has(name) || rules.has(name))
  );
}

/** The triggers that call a function go with it. */
function dropTriggersOf(name: string, schema: string | undefined, scene: Scene): undefined {
  const { catalog } = scene;
  const key = catalog.keyIn(catalog.functions, name, schema);
  for (const table of catalog.tables.values())
    for (const [trigger, called] of table.triggerFunctions) {
      if (called !== key || !table.triggers.delete(trigger)) continue;
      scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
      scene.emit({ kind: "trigger changed", table, words: `DROP TRIGGER ${trigger}` });
    }
}
