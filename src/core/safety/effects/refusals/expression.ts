/** Foretells refused expressions of a default, a check, a generated column or an index. */
import { child, children, columnsIn, names, nodesIn, type TreeNode } from "../../../sql/tree.ts";
import type { Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType, enumOf, typeNameOf } from "../types.ts";

export type ExpressionPlace = "default" | "check" | "generated" | "index" | "predicate";

const words: { readonly [Place in ExpressionPlace]: string } = {
  default: "a default",
  check: "a check",
  generated: "a generated column",
  index: "an index",
  predicate: "the WHERE of an index",
};

/** Why it is refused, whatever the rows; `table` is the one whose columns it reads. */
export function expressionRefusal(
  expression: unknown,
  place: ExpressionPlace,
  { table, scene }: { readonly table: Table | undefined; readonly scene: Scene },
): string | undefined {
  if (expression === undefined) return undefined;
  for (const node of nodesIn(expression)) {
    if (node.kind === "SubLink") return `${words[place]} cannot hold a subquery`;
    const call = node.kind === "FuncCall" ? callRefusal(node, place, { table, scene }) : undefined;
    if (call !== undefined) return call;
    if (node.kind === "ColumnRef" && place === "default") return "a default cannot read a column";
    const changing = isFixed(place) ? changingValue(node, { table, scene }) : undefined;
    if (changing !== undefined) return changing;
  }
  if ((place === "check" || place === "predicate") && isNoCondition(expression, table))
    return `${words[place]} must be a condition`;
  return undefined;
}

/** Whether its value must be the same whenever it is computed. */
function isFixed(place: ExpressionPlace): boolean {
  return place === "generated" || place === "index" || place === "predicate";
}

const aggregates: ReadonlySet<string> = new Set(
  "sum count avg min max array_agg string_agg json_agg jsonb_agg bool_and bool_or every".split(" "),
);
const setReturning: ReadonlySet<string> = new Set(
  "generate_series unnest regexp_matches regexp_split_to_table json_array_elements jsonb_array_elements jsonb_object_keys json_object_keys string_to_table".split(
    " ",
  ),
);

function callRefusal(
  { tree }: TreeNode,
  place: ExpressionPlace,
  { table, scene }: { readonly table: Table | undefined; readonly scene: Scene },
): string | undefined {
  const path = names(tree, "funcname").filter((name) => name !== "pg_catalog");
  const [name = "", more] = path;
  const own = scene.catalog.find(scene.catalog.functions, path.at(-1) ?? "", path.at(-2));
  if (tree.over !== undefined) return `${words[place]} cannot hold a window function`;
  if (own === undefined && more === undefined) {
    if (aggregates.has(name)) return `${words[place]} cannot hold the aggregate ${name}`;
    if (setReturning.has(name)) return `${words[place]} cannot hold ${name}, which gives rows`;
    const ofExtension = scene.catalog.ofExtensions.get(name);
    if (isFixed(place) && (ofExtension === "volatile" || ofExtension === "stable"))
      return `${name} is not IMMUTABLE, as ${words[place]} needs it`;
    return isFixed(place) && isChanging(name, children(tree, "args"), { table, scene })
      ? `${name} is not IMMUTABLE, as ${words[place]} needs it`
      : undefined;
  }
  // The body of a function in SQL is put in its place first, and may be IMMUTABLE.
  if (own === undefined || !isFixed(place) || own.language === "sql" || own.isOverloaded === true)
    return undefined;
  return own.volatility === "immutable"
    ? undefined
    : `${path.join(".")} is not IMMUTABLE, as ${words[place]} needs it`;
}

/** Of the built-in functions that people put there, those that are volatile or stable in all their forms. */
const changing: ReadonlySet<string> = new Set(
  "now random clock_timestamp statement_timestamp transaction_timestamp timeofday gen_random_uuid uuidv4 uuidv7 nextval currval lastval setval txid_current pg_current_xact_id current_setting set_config pg_backend_pid pg_sleep inet_client_addr current_query to_date random_normal setseed to_char to_number concat concat_ws format format_type json_build_array json_build_object jsonb_build_array jsonb_build_object to_json to_jsonb row_to_json make_timestamptz version current_database current_schema convert_from convert_to".split(
    " ",
  ),
);

/** Those that go by the time zone of the session when they are given a moment. */
const ofMoments: ReadonlySet<string> = new Set(["date_trunc", "date_part", "extract", "date"]);

function isChanging(
  name: string,
  args: readonly TreeNode[],
  { table, scene }: { readonly table: Table | undefined; readonly scene: Scene },
): boolean {
  // With one argument they go by a setting of the session.
  const bySetting =
    /^(to_tsvector|to_tsquery|plainto_tsquery|phraseto_tsquery|websearch_to_tsquery|age)$/;
  if (changing.has(name) || (bySetting.test(name) && args.length === 1)) return true;
  if (!ofMoments.has(name) || args.length > 2) return false;
  return args.some((arg) => {
    const [column] = arg.kind === "ColumnRef" ? [...columnsIn(arg)] : [];
    const type = column === undefined ? undefined : table?.columns.get(column)?.type;
    return type !== undefined && baseType(type, scene.catalog).name === "timestamptz";
  });
}

/** CURRENT_DATE and its like, and a text that is read as a time. */
function changingValue(
  { kind, tree }: TreeNode,
  { table, scene }: { readonly table: Table | undefined; readonly scene: Scene },
): string | undefined {
  if (kind === "SQLValueFunction") return "what is asked of the session is not IMMUTABLE";
  if (kind !== "TypeCast") return undefined;
  const to = typeNameOf(tree.typeName as never);
  const [column, more] = [...columnsIn(tree.arg)];
  const arg = child(tree, "arg");
  if (arg?.kind !== "ColumnRef" || column === undefined || more !== undefined) return undefined;
  const own = table?.columns.get(column);
  const from = own === undefined ? undefined : baseType(own.type, scene.catalog).name;
  return from !== undefined && goesBySetting(from, to.name)
    ? `${from} becomes ${to.name} by settings of the session, so it is not IMMUTABLE`
    : undefined;
}

/** Casts that ask for the time zone, or for how dates are written. `pg_cast`, and input and output as text. */
function goesBySetting(from: string, to: string): boolean {
  const [isText, isTime] = [
    /^(text|varchar|bpchar)$/,
    /^(timestamptz|timestamp|date|timetz|time|interval)$/,
  ];
  if (isText.test(from)) return isTime.test(to);
  if (isText.test(to)) return /^(timestamptz|timestamp|date|interval)$/.test(from);
  if (from === "timestamptz") return /^(timestamp|date|time|timetz)$/.test(to);
  return (from === "timestamp" || from === "date") && to === "timestamptz";
}

/** A column of another type, or a number. */
function isNoCondition(expression: unknown, table: Table | undefined): boolean {
  const [node, more] = [...nodesIn(expression)].filter(({ kind }) => kind !== "String");
  if (node?.kind !== "ColumnRef" || more !== undefined || table?.known !== true) return false;
  const [name = ""] = [...columnsIn(expression)];
  const type = table.columns.get(name)?.type;
  return (
    type !== undefined &&
    !type.isArray &&
    /^(int[248]|text|numeric|date|float[48])$/.test(type.name)
  );
}

/** Of these two sides of one type the server thinks first, when one is a text of no type yet. */
const comparing: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", ">", "<=", ">="]);

/** A text that is compared with a column of an enum or a number, and is none of its values. */
export function literalRefusal(
  expression: unknown,
  table: Table | undefined,
  scene: Scene,
): string | undefined {
  for (const { kind, tree } of nodesIn(expression)) {
    if (kind !== "A_Expr" || tree.kind !== "AEXPR_OP" || scene.catalog.hasOperators) continue;
    const [sign = "", more] = names(tree, "name");
    if (more !== undefined || !comparing.has(sign)) continue;
    const sides = [child(tree, "lexpr"), child(tree, "rexpr")];
    const column = sides.find((side) => side?.kind === "ColumnRef");
    const text = sides.map(textOf).find((side) => side !== undefined);
    const [name] = column === undefined ? [] : [...columnsIn(column)];
    const own = name === undefined ? undefined : table?.columns.get(name);
    const refused = own === undefined ? undefined : valueRefusal(text, own.type, scene);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Why a text is no value of a type: of an enum, or of a number. */
export function valueRefusal(
  text: string | undefined,
  type: Parameters<typeof baseType>[0],
  scene: Scene,
): string | undefined {
  if (text === undefined || type.isArray) return undefined;
  const own = enumOf(type, scene.catalog);
  if (own !== undefined && own.transaction !== -1 && !own.values.has(text))
    return `${own.name} has no value ${text}`;
  const base = baseType(type, scene.catalog).name;
  const form = forms[base];
  return form === undefined || form.test(text.trim()) ? undefined : `'${text}' is no ${base}`;
}

const whole = /^[-+]?(\d[\d_]*|0[xXoObB][\da-fA-F_]+)$/;
const number = /^[-+]?(\d|\.\d|nan$|inf(inity)?$|0[xob])/i;
/** The form that a text must have to be a value of a type. */
const forms: { readonly [type: string]: RegExp } = {
  int2: whole,
  int4: whole,
  int8: whole,
  numeric: number,
  float4: number,
  float8: number,
  bool: /^(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)$/i,
  uuid: /^\{?([\da-f]{4}-?){7}[\da-f]{4}\}?$/i,
};

/** The text of a literal, if it is one. */
export function textOf(node: TreeNode | undefined): string | undefined {
  if (node?.kind !== "A_Const") return undefined;
  const value = (node.tree.sval as { readonly sval?: string } | undefined)?.sval;
  return typeof value === "string" ? value : undefined;
}
