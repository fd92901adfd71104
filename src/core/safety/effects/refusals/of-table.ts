/** Why a trigger, a policy or TRUNCATE is refused, whatever the rows. */
import {
  children,
  columnsIn,
  flag,
  listOf,
  names,
  nodesIn,
  part,
  type Tree,
  word,
} from "../../../sql/tree.ts";
import { shown, type Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { isSystemColumn } from "./column.ts";
import { relationNamed, tellsAll } from "./relation.ts";
import { article } from "./relation-kinds.ts";

/**
 * The meaning of a trigger's numbers.
 * https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_trigger.h
 */
const instead = 64;
const truncates = 32;

export function triggerRefusal(statement: Tree, scene: Scene): string | undefined {
  const relation = part(statement, "relation");
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no relation ${word(relation, "relname")}`;
  if (found === undefined) return undefined;
  const { kind, name, table } = found;
  const isRow = flag(statement, "row");
  const isInstead = statement.timing === instead;
  const events = typeof statement.events === "number" ? statement.events : 0;
  const isTruncate = (events & truncates) !== 0;
  if (!/^(table|partitioned table|view|foreign table)$/.test(kind))
    return `${name} is ${article(kind)}, which has no triggers`;
  if (kind === "view" && isTruncate) return `${name} is a view, which cannot be truncated`;
  if (kind === "view" && isRow && !isInstead)
    return `${name} is a view: a trigger FOR EACH ROW there is INSTEAD OF`;
  if (isInstead && kind !== "view")
    return `${name} is ${article(kind)}, and INSTEAD OF is for views`;
  const columns = names(statement, "columns");
  if (isInstead && (!isRow || columns.length > 0 || statement.whenClause !== undefined))
    return "INSTEAD OF is FOR EACH ROW, and knows neither columns nor WHEN";
  if (isTruncate && isRow) return "TRUNCATE has no triggers FOR EACH ROW";
  return (
    transitionRefusal(statement, { events, columns }) ??
    conditionRefusal(statement, events) ??
    ofNames(statement, { table, columns }, scene) ??
    functionRefusal(statement, scene)
  );
}

function transitionRefusal(
  statement: Tree,
  { events, columns }: { readonly events: number; readonly columns: readonly string[] },
): string | undefined {
  if (listOf(statement.transitionRels).length === 0) return undefined;
  if (columns.length > 0) return "a trigger with REFERENCING has no list of columns";
  if (typeof statement.timing === "number" && statement.timing !== 0)
    return "a trigger with REFERENCING is AFTER";
  const isOne = [4, 8, 16].includes(events);
  return isOne ? undefined : "a trigger with REFERENCING is for one event";
}

/** A row that is inserted has no OLD, and one that is deleted no NEW. */
function conditionRefusal(statement: Tree, events: number): string | undefined {
  const lacking = { 4: "old", 8: "new" }[events];
  if (lacking === undefined) return undefined;
  const asks = [...nodesIn(statement.whenClause)].some(
    ({ kind, tree }) =>
      kind === "ColumnRef" && word(listOf(tree.fields)[0]?.tree, "sval") === lacking,
  );
  return asks ? `WHEN asks for ${lacking.toUpperCase()}, which the row has not` : undefined;
}

function ofNames(
  statement: Tree,
  { table, columns }: { readonly table: Table | undefined; readonly columns: readonly string[] },
  { catalog }: Scene,
): string | undefined {
  if (table === undefined) return undefined;
  const unknown = columns.find((column) => table.known && !table.columns.has(column));
  if (unknown !== undefined) return `${shown(table)} has no column ${unknown}`;
  const name = word(statement, "trigname") ?? "";
  return table.triggers.has(name) && !flag(statement, "replace") && !catalog.hasOpaque
    ? `${shown(table)} has a trigger ${name} already`
    : undefined;
}

/**
 * Refuses a trigger's function that takes arguments: a trigger hands its arguments over in another
 * way.
 */
function functionRefusal(statement: Tree, { catalog }: Scene): string | undefined {
  const [name = "", schema] = [...names(statement, "funcname")].reverse();
  const own = catalog.find(catalog.functions, name, schema);
  return own === undefined || own.isOverloaded === true || own.parameters === "[]"
    ? undefined
    : `there is no function ${name}() without parameters`;
}

export function policyRefusal(statement: Tree, scene: Scene): string | undefined {
  const command = word(statement, "cmd_name");
  if (/^(select|delete)$/.test(command ?? "") && statement.with_check !== undefined)
    return `a policy FOR ${command?.toUpperCase()} has no WITH CHECK`;
  if (command === "insert" && statement.qual !== undefined)
    return "a policy FOR INSERT has WITH CHECK, and no USING";
  const table = tableOfPolicy(statement, scene);
  if (typeof table !== "object") return table;
  const name = word(statement, "policy_name") ?? "";
  return table.policies.has(name) && !scene.catalog.hasOpaque
    ? `${shown(table)} has a policy ${name} already`
    : unknownColumn(statement, table);
}

/** Finds an unknown column in the condition, unless a subquery could supply it. */
function unknownColumn({ qual, with_check }: Tree, table: Table): string | undefined {
  const nodes = [...nodesIn([qual, with_check])];
  if (!table.known || nodes.some(({ kind }) => kind === "SubLink")) return undefined;
  const unknown = [...columnsIn([qual, with_check])].find(
    (name) => !table.columns.has(name) && !isSystemColumn(name) && name !== table.name,
  );
  return unknown === undefined ? undefined : `${shown(table)} has no column ${unknown}`;
}

export function ruleRefusal(statement: Tree, scene: Scene): string | undefined {
  const relation = part(statement, "relation");
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no relation ${word(relation, "relname")}`;
  if (found?.table === undefined) return undefined;
  if (statement.event === "CMD_SELECT" && found.kind !== "view")
    return `${found.name} is ${article(found.kind)}, which has no rules ON SELECT`;
  const name = word(statement, "rulename") ?? "";
  return found.table.rules.has(name) && !flag(statement, "replace") && !scene.catalog.hasOpaque
    ? `${found.name} has a rule ${name} already`
    : undefined;
}

/** ALTER TRIGGER, POLICY and RULE … RENAME TO. */
export function renameOfTableRefusal(statement: Tree, scene: Scene): string | undefined {
  const [relation, type] = [part(statement, "relation"), word(statement, "renameType") ?? ""];
  const [from, to] = [word(statement, "subname") ?? "", word(statement, "newname") ?? ""];
  const [table, schema] = [word(relation, "relname"), word(relation, "schemaname")];
  const missing = dropOfTableRefusal({ name: from, table, schema }, type, scene);
  const found = relationNamed(relation, scene);
  if (missing !== undefined || found === "missing") return missing;
  const what = type.replace("OBJECT_", "").toLowerCase();
  return found?.table !== undefined && knownOf(found.table, what)?.has(to) === true
    ? `${found.name} has a ${what} ${to} already`
    : undefined;
}

function knownOf(
  { triggers, policies, rules }: Table,
  what: string,
): { has(name: string): boolean } | undefined {
  return { trigger: triggers, policy: policies, rule: rules }[what];
}

export function alterPolicyRefusal(statement: Tree, scene: Scene): string | undefined {
  const table = tableOfPolicy(statement, scene);
  if (typeof table !== "object") return table;
  const name = word(statement, "policy_name") ?? "";
  return table.policies.has(name) || !table.known || !tellsAll(scene.catalog)
    ? undefined
    : `${shown(table)} has no policy ${name}`;
}

/** The table, or why it has no policies. */
function tableOfPolicy(statement: Tree, scene: Scene): Table | string | undefined {
  const relation = part(statement, "table");
  const found = relationNamed(relation, scene);
  if (found === "missing") return `there is no relation ${word(relation, "relname")}`;
  if (found === undefined) return undefined;
  return /^(table|partitioned table)$/.test(found.kind)
    ? found.table
    : `${found.name} is ${article(found.kind)}, which has no policies`;
}

export function truncateRefusal(statement: Tree, scene: Scene): string | undefined {
  for (const { tree } of children(statement, "relations")) {
    const found = relationNamed(tree, scene);
    if (found === "missing") return `there is no relation ${word(tree, "relname")}`;
    if (found === undefined) continue;
    if (!/table$/.test(found.kind)) return `${found.name} is ${article(found.kind)}`;
    if (found.kind === "partitioned table" && tree.inh !== true)
      return `${found.name} is partitioned, and ONLY it has no rows`;
  }
  return undefined;
}

/** DROP TRIGGER, POLICY or RULE of what the table has not. */
export function dropOfTableRefusal(
  { name, table, schema }: { readonly [Part in "name" | "table" | "schema"]: string | undefined },
  type: string,
  scene: Scene,
): string | undefined {
  const place = { relname: table ?? "", ...(schema === undefined ? {} : { schemaname: schema }) };
  const found = relationNamed(place, scene);
  if (found === "missing") return `there is no relation ${table}`;
  const own = found?.table;
  if (own === undefined || own.parent !== undefined || !tellsAll(scene.catalog)) return undefined;
  const what = type.replace("OBJECT_", "").toLowerCase();
  const known = knownOf(own, what);
  if (known === undefined || known.has(name ?? "") || name === "_RETURN") return undefined;
  return `${shown(own)} has no ${what} ${name}`;
}
