/** Locks, vacuuming, refreshing, copying; triggers, policies and rules of a table. */
import {
  child,
  children,
  columnsIn,
  flag,
  names,
  optionOn,
  part,
  stringsOf,
  type Tree,
  word,
} from "../../sql/tree.ts";
import { shown, type Table } from "./catalog.ts";
import { lockModes } from "./lock.ts";
import { exists, type Scene, tableOf } from "./scene.ts";
import { rewritten } from "./subcommand.ts";

export function lockTables(statement: Tree, scene: Scene): undefined {
  const mode = lockModes[(typeof statement.mode === "number" ? statement.mode : 1) - 1]!;
  for (const { tree } of children(statement, "relations")) {
    const table = tableOf(tree, scene);
    scene.emit({ kind: "lock", table, mode });
    scene.emit({ kind: "table locked", table, mode });
  }
}

/** COMMENT on a relation or a column of it: it keeps nobody waiting but those who change its definition. */
export function comment(statement: Tree, scene: Scene): undefined {
  const kind = word(statement, "objtype") ?? "";
  const path = stringsOf(statement.object);
  const isColumn = kind === "OBJECT_COLUMN";
  if (!isColumn && !/^OBJECT_(?:TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(kind)) return;
  const [name, schema] = [...(isColumn ? path.slice(0, -1) : path)].reverse();
  const table = name && scene.catalog.find(scene.catalog.tables, name, schema);
  if (table) scene.emit({ kind: "lock", table, mode: "SHARE UPDATE EXCLUSIVE" });
}

export function vacuum(statement: Tree, scene: Scene): undefined {
  analyze(statement, scene);
  if (!flag(statement, "is_vacuumcmd")) return;
  if (scene.transaction.isBlock)
    scene.emit({ kind: "fails", why: "VACUUM refuses a transaction", refusesTransaction: true });
  if (!optionOn(children(statement, "options"), "full")) return;
  const tables = children(statement, "rels").map(({ tree }) =>
    tableOf(part(tree, "relation"), scene),
  );
  for (const table of tables) {
    scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
    rewritten(table, "VACUUM FULL", scene);
  }
  if (tables.length === 0)
    scene.emit({ kind: "table rewritten", table: undefined, command: "VACUUM FULL" });
}

function analyze(statement: Tree, scene: Scene): undefined {
  const options = children(statement, "options");
  if (flag(statement, "is_vacuumcmd") && !optionOn(options, "analyze")) return;
  const tables = children(statement, "rels");
  if (tables.length === 0) return scene.emit({ kind: "analyzed", table: undefined });
  for (const { tree } of tables) {
    const columns = names(tree, "va_cols");
    const of = columns.length === 0 ? {} : { columns };
    scene.emit({ kind: "analyzed", table: tableOf(part(tree, "relation"), scene), ...of });
  }
}

export function cluster(statement: Tree, scene: Scene): undefined {
  const relation = part(statement, "relation");
  if (relation === undefined)
    return scene.emit({ kind: "table rewritten", table: undefined, command: "CLUSTER" });
  const table = tableOf(relation, scene);
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  rewritten(table, "CLUSTER", scene);
}

export function refresh(statement: Tree, scene: Scene): undefined {
  const view = tableOf(part(statement, "relation"), scene);
  const concurrently = flag(statement, "concurrent");
  const indexes = scene.catalog.indexesOf(view);
  const isRefreshable = indexes.some(
    (index) => index.unique && !index.isPartial && !index.hasExpressions,
  );
  if (concurrently && view.kind === "materialized view" && !isRefreshable)
    return scene.emit({
      kind: "fails",
      why: `${shown(view)} has no unique index on all of its rows`,
    });
  scene.emit({ kind: "lock", table: view, mode: concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE" });
  scene.emit({ kind: "matview refreshed", view, concurrently, isRefreshable });
  view.isEmpty = flag(statement, "skipData");
  scene.emit({ kind: "work", table: view, words: `runs the query of ${shown(view)}` });
}

/** COPY into a table writes as many rows as it is given. */
export function copyRows(statement: Tree, scene: Scene): undefined {
  const relation = part(statement, "relation");
  if (relation === undefined || !flag(statement, "is_from")) return;
  const table = tableOf(relation, scene);
  if (!exists(table)) return;
  scene.emit({ kind: "lock", table, mode: "ROW EXCLUSIVE" });
  scene.emit({ kind: "work", table, words: `fills ${shown(table)}` });
}

export function createTrigger(statement: Tree, scene: Scene): undefined {
  const table = tableOf(part(statement, "relation"), scene);
  const name = word(statement, "trigname") ?? "";
  scene.emit({ kind: "lock", table, mode: "SHARE ROW EXCLUSIVE" });
  scene.emit({ kind: "trigger changed", table, words: `CREATE TRIGGER ${name}` });
  const [called = "", schema] = [...names(statement, "funcname")].reverse();
  const { catalog } = scene;
  table.triggerFunctions.set(name, catalog.keyIn(catalog.functions, called, schema));
  table.triggers.set(
    name,
    new Set([...names(statement, "columns"), ...columnsIn(statement.whenClause)]),
  );
}

/** ALTER TRIGGER, POLICY and RULE … RENAME TO. */
export function renameOfTable(
  table: Table,
  { from, to, type }: { readonly from: string; readonly to: string; readonly type: string },
  scene: Scene,
): undefined {
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  if (type === "OBJECT_RULE" && table.rules.delete(from)) table.rules.add(to);
  const maps: readonly Map<string, unknown>[] =
    type === "OBJECT_TRIGGER" ? [table.triggers, table.triggerFunctions] : [table.policies];
  for (const map of maps) {
    if (!map.has(from)) continue;
    map.set(to, map.get(from));
    map.delete(from);
  }
}

export function createPolicy(statement: Tree, scene: Scene): undefined {
  const table = tableOf(part(statement, "table"), scene);
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  const columns = columnsIn([statement.qual, statement.with_check]);
  table.policies.set(word(statement, "policy_name") ?? "", columns);
}

/** Changes a policy: each part that the statement leaves out stays as it is. */
export function alterPolicy(statement: Tree, scene: Scene): undefined {
  const table = tableOf(part(statement, "table"), scene);
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  const name = word(statement, "policy_name") ?? "";
  const before = table.policies.get(name) ?? [];
  const columns = columnsIn([statement.qual, statement.with_check]);
  const isWhole = statement.qual !== undefined && statement.with_check !== undefined;
  table.policies.set(name, isWhole ? columns : new Set([...before, ...columns]));
}

export function createRule(statement: Tree, scene: Scene): undefined {
  const table = tableOf(part(statement, "relation"), scene);
  scene.emit({ kind: "lock", table, mode: "ACCESS EXCLUSIVE" });
  table.rules.add(word(statement, "rulename") ?? "");
  if (child(statement, "whereClause") !== undefined)
    table.policies.set(word(statement, "rulename") ?? "", columnsIn(statement.whereClause));
}
