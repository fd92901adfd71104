/**
 * Judges the cost of ALTER COLUMN … TYPE: the server rewrites the table unless old and new value
 * are equal, bit by bit.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
import { child, columnOf, type TreeNode } from "../../sql/tree.ts";
import type { Catalog, TypeName } from "./catalog.ts";
import type { ServerMajor } from "./scene.ts";
import {
  baseType,
  domainOf,
  enumOf,
  isConstrained,
  modifiersOf,
  plainType,
  sameType,
  typeNameOf,
  typeWords,
} from "./types.ts";

export type TypeChange = {
  readonly from: TypeName;
  readonly to: TypeName;
  readonly column: string;
  readonly using?: TreeNode | undefined;
  readonly catalog: Catalog;
  readonly server: ServerMajor;
  /** Whether the session's time zone has no offset from UTC, so that a timestamp is the same in both types. */
  readonly isUtc: boolean;
};

/** Why the rows must be written anew; `undefined` when they stay as they are. */
export function rewriteReason(change: TypeChange): string | undefined {
  const { to, using, column } = change;
  const path = using === undefined ? [to] : castPath(using, column);
  if (path === undefined) return "USING computes a new value for every row";
  const steps = using === undefined ? path : [...path, to];
  let from = change.from;
  for (const step of steps) {
    const reason = stepReason(from, step, change);
    if (reason !== undefined) return reason;
    from = step;
  }
  return undefined;
}

/** The types that a USING expression casts the column to, one after the other; `undefined` for anything else. */
function castPath(node: TreeNode, column: string): readonly TypeName[] | undefined {
  if (columnOf(node) === column) return [];
  if (node.kind === "CollateClause") {
    const arg = child(node.tree, "arg");
    return arg === undefined ? undefined : castPath(arg, column);
  }
  if (node.kind !== "TypeCast") return undefined;
  const arg = child(node.tree, "arg");
  const before = arg === undefined ? undefined : castPath(arg, column);
  if (before === undefined) return undefined;
  return [...before, typeNameOf(node.tree.typeName as never)];
}

function stepReason(from: TypeName, to: TypeName, change: TypeChange): string | undefined {
  const { catalog } = change;
  if (sameType(from, to)) return undefined;
  if (isConstrained(to, catalog)) return `${typeWords(to)} is a domain with constraints`;
  const isOfDomain = domainOf(from, catalog) !== undefined;
  if (isOfDomain || domainOf(to, catalog) !== undefined) {
    const above = baseType(to, catalog);
    // The server does not look for the length of values through their domain.
    const below = { ...baseType(from, catalog), ...(isOfDomain ? { modifiers: [] } : {}) };
    return sameType(below, above) ? undefined : stepReason(below, above, change);
  }
  if (isFree(plainType(from), plainType(to), change)) return undefined;
  return `${typeWords(from)} is stored in another form than ${typeWords(to)}`;
}

const texts = ["text", "varchar", "citext"];
/** Times and how many digits of a second they keep. */
const times = ["timestamp", "timestamptz", "time", "timetz"];
/** Pairs that are the same bits. https://www.postgresql.org/docs/current/catalog-pg-cast.html */
const sameBits: ReadonlySet<string> = new Set(
  "cidr>inet int4>oid oid>int4 oid>regclass regclass>oid int4>regclass regclass>int4 xml>text xml>varchar bit>varbit varbit>bit bpchar>bpchar text>bpchar varchar>bpchar".split(
    " ",
  ),
);

function isFree(from: TypeName, to: TypeName, change: TypeChange): boolean {
  if (from.isArray || to.isArray) return false;
  const [old, made] = [modifiersOf(from), modifiersOf(to)];
  if (texts.includes(from.name) && texts.includes(to.name))
    return widens(old[0], made[0], from.name === "varchar");
  if (from.name !== to.name) return isFreeBetween(from, to, change);
  switch (from.name) {
    case "numeric":
      return made.length === 0 || (old.length > 0 && made[0]! >= old[0]! && made[1] === old[1]);
    case "varbit":
      return widens(old[0], made[0], true);
    case "interval":
      return freeInterval(from, to);
    default:
      return times.includes(from.name) && keepsDigits(old[0], made[0]);
  }
}

/** A limit that is gone or not smaller. */
function widens(old: number | undefined, made: number | undefined, hasLimit: boolean): boolean {
  return made === undefined || (hasLimit && old !== undefined && made >= old);
}

function keepsDigits(old: number | undefined, made: number | undefined): boolean {
  return made === undefined || made >= 6 || (old !== undefined && made >= old);
}

/** Both precisions and the fields that are kept; without fields all are. */
function freeInterval(from: TypeName, to: TypeName): boolean {
  const all = 32767;
  const [oldFields = all, oldDigits] = from.modifiers;
  const [newFields = all, newDigits] = to.modifiers;
  return (newFields === all || newFields === oldFields) && keepsDigits(oldDigits, newDigits);
}

function isFreeBetween(from: TypeName, to: TypeName, { server, isUtc }: TypeChange): boolean {
  const pair = [from.name, to.name].sort().join(">");
  if (pair === "timestamp>timestamptz") {
    const digits = modifiersOf(to)[0];
    return server.major >= 12 && isUtc && (digits === undefined || digits >= 6);
  }
  const limited = to.modifiers.length > 0 && to.name !== "bpchar";
  if (to.name === "bpchar" && to.modifiers.length > 0) return false;
  if (from.name === "bpchar") return false;
  return sameBits.has(`${from.name}>${to.name}`) && !limited;
}

/**
 * Why the server refuses the change: there is no cast that it would use without being told.
 * Only for types that are known well enough.
 */
export function castRefusal(change: TypeChange): string | undefined {
  if (change.using !== undefined) return undefined;
  return hasAssignmentCast(change.from, change.to, change.catalog)
    ? undefined
    : `${typeWords(change.from)} cannot be cast automatically to ${typeWords(change.to)}`;
}

/** Whether a value of one type is accepted for another when it is assigned; `true` when that is not known. */
export function hasAssignmentCast(from: TypeName, to: TypeName, catalog: Catalog): boolean {
  if (catalog.hasCasts) return true;
  const [source, target] = [baseType(from, catalog), baseType(to, catalog)];
  if (source.isArray !== target.isArray) return stringTypes.has(target.name) && !target.isArray;
  const [old, made] = [groupOf(source, catalog), groupOf(target, catalog)];
  if (old === undefined || made === undefined || source.name === target.name) return true;
  if (made === "string") return true;
  return assignable[old]?.includes(made) ?? false;
}

const stringTypes: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "citext", "name"]);

const groups: { readonly [group: string]: readonly string[] } = {
  string: [...stringTypes],
  number: ["int2", "int4", "int8", "numeric", "float4", "float8"],
  boolean: ["bool"],
  date: ["date"],
  timestamp: ["timestamp", "timestamptz"],
  time: ["time", "timetz"],
  interval: ["interval"],
  uuid: ["uuid"],
  json: ["json", "jsonb"],
  bytes: ["bytea"],
  net: ["inet", "cidr"],
  bits: ["bit", "varbit"],
  money: ["money"],
};

/** The groups that PostgreSQL assigns without a written cast, beside the own group. */
const assignable: { readonly [group: string]: readonly string[] } = {
  string: [],
  number: ["number", "money"],
  boolean: [],
  date: ["timestamp"],
  timestamp: ["timestamp", "date", "time"],
  time: ["time", "interval"],
  interval: ["time"],
  json: ["json"],
  net: ["net"],
  bits: ["bits"],
  money: ["number"],
};

function groupOf(type: TypeName, catalog: Catalog): string | undefined {
  if (type.schema === undefined) {
    const group = Object.keys(groups).find((name) => groups[name]?.includes(type.name));
    if (group !== undefined) return group;
  }
  return enumOf(type, catalog) === undefined ? undefined : `enum ${type.name}`;
}
