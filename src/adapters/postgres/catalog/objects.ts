/** Rows of the queries as objects of a catalog. */
import type {
  ConstraintObject,
  PlainObject,
  SchemaObject,
  SequenceShape,
  TableColumn,
  TypeObject,
} from "../../../core/catalog/catalog.ts";
import { notNullName } from "../../../core/catalog/not-null-name.ts";
import type { Row } from "../../adapter.ts";
import { dotted } from "./context.ts";
import { settled } from "./settled.ts";

/** An object, and how the server knows it: its class and its number. */
export type ReadObject = { readonly key: string; readonly object: SchemaObject };
export type ReadColumn = TableColumn & { readonly expressionKey?: string | undefined };
export type ColumnsByKey = ReadonlyMap<string, readonly ReadColumn[]>;

/** The facts of a query, under its names; those that the server has as NULL are left out. */
// biome-ignore lint/suspicious/noExplicitAny: the queries beside it say what it is
type Facts = { readonly [fact: string]: any };

function factsOf(row: Row): Facts {
  return withoutNulls(JSON.parse(String(row.facts)));
}

/** A function that `JSON.parse` calls for each value would take longer than all else. */
function withoutNulls(value: Facts): Facts {
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (part === null) delete (value as { [fact: string]: unknown })[key];
    else if (typeof part === "object") withoutNulls(part);
  }
  return value;
}

const keyOf = (row: Row) => `${row.class} ${row.oid}`;

export function columnsOf(rows: readonly Row[]): ColumnsByKey {
  return new Map(rows.map((row) => [keyOf(row), (factsOf(row) as readonly Facts[]).map(columnOf)]));
}

function columnOf(facts: Facts): ReadColumn {
  const { name, type, collation, generated, notNull, statistics } = facts;
  const expression = facts.expression && settled(facts.expression);
  const isGenerated = generated === "s" || generated === "v";
  return given({
    name,
    type,
    collation,
    isLocal: facts.isLocal,
    options: facts.options ?? [],
    comment: facts.comment,
    default: expression === undefined || isGenerated ? undefined : { expression, needs: [] },
    expressionKey: facts.expressionOid && `pg_attrdef ${facts.expressionOid}`,
    generated: isGenerated
      ? { expression, kept: generated === "s" ? "stored" : "virtual", needs: [] }
      : undefined,
    identity:
      facts.sequence &&
      ({ always: facts.identity === "a", sequence: shapeOf(facts.sequence) } as const),
    notNull:
      notNull &&
      given({
        // Before PostgreSQL 18 it has none.
        name:
          notNull.table === undefined || notNull.name === notNullName(notNull.table, name)
            ? undefined
            : notNull.name,
        noInherit: notNull.noInherit === true ? true : undefined,
        comment: notNull.comment && { of: notNull.name, is: notNull.comment },
        isLocal: notNull.isLocal,
      }),
    storage: storages[facts.storage],
    compression: compressions[facts.compression],
    statistics: statistics >= 0 ? statistics : undefined,
  }) as ReadColumn;
}

const storages: { readonly [letter: string]: string } = {
  p: "plain",
  e: "external",
  m: "main",
  x: "extended",
};
const compressions: { readonly [letter: string]: string } = { p: "pglz", l: "lz4" };

function shapeOf(facts: Facts): SequenceShape {
  const { named, start, increment, min, max, cache, cycle } = facts;
  return { named, start, increment, min, max, cache, cycle, persistence: persistenceOf(facts) };
}

function persistenceOf({ persistence }: Facts): "permanent" | "unlogged" {
  return persistence === "u" ? "unlogged" : "permanent";
}

const makers: {
  readonly [kind: string]: (facts: Facts, columns: readonly ReadColumn[]) => object;
} = {
  plain: plainOf,
  type: typeOf,
  table: tableOf,
  sequence: (facts) => ({
    kind: "sequence",
    id: `sequence ${dotted(facts.named)}`,
    ...shapeOf(facts),
    type: facts.type,
    ownedBy: facts.ownedBy,
  }),
  index: (facts) => ({
    kind: "index",
    id: `index ${dotted(facts.named)}`,
    name: facts.named.name,
    named: facts.named,
    table: facts.table,
    definition: settled(facts.definition),
    valid: facts.valid,
    partOf: facts.partOf,
    statistics: facts.statistics ?? [],
  }),
  constraint: constraintOf,
  view: (facts, columns) => ({
    kind: "view",
    id: `view ${dotted(facts.named)}`,
    named: facts.named,
    definition: settled(facts.definition),
    materialized: facts.materialized,
    populated: facts.populated,
    options: facts.options ?? [],
    accessMethod: facts.accessMethod,
    clusteredOn: facts.clusteredOn,
    columns: columns.map((column) =>
      given({ name: column.name, default: column.default?.expression, comment: column.comment }),
    ),
  }),
  routine: (facts) => ({
    kind: "routine",
    id: `${facts.of} ${dotted(facts.named)}(${facts.arguments})`,
    of: facts.of,
    named: facts.named,
    arguments: facts.arguments,
    definition: facts.definition,
  }),
  trigger: (facts) => ({
    kind: facts.kind,
    id: `${facts.kind} ${facts.name} on ${dotted(facts.table)}`,
    name: facts.name,
    table: facts.table,
    definition: settled(facts.definition.replace(/;$/, "")),
    enabled: enabledBy[facts.enabled] ?? "origin",
  }),
  policy: (facts) => ({
    kind: "policy",
    id: `policy ${facts.name} on ${dotted(facts.table)}`,
    name: facts.name,
    table: facts.table,
    definition: settled(facts.definition),
  }),
};

const enabledBy: { readonly [letter: string]: string } = {
  R: "replica",
  A: "always",
  D: "disabled",
};

/** One row as an object, which does not know its needs yet. */
export function objectOf(kind: string, row: Row, columns: ColumnsByKey): ReadObject {
  const facts = factsOf(row);
  const key = keyOf(row);
  const own =
    columns.get(typeof row.relation === "string" ? `pg_class ${row.relation}` : key) ?? [];
  const made = makers[kind]?.(facts, own);
  const object = given({ ...made, comment: facts.comment, needs: [] }) as unknown as SchemaObject;
  return { key, object };
}

function tableOf(facts: Facts, columns: readonly ReadColumn[]): object {
  const [parent] = facts.inherits ?? [];
  const isPartition = facts.bound !== undefined;
  return {
    kind: "table",
    id: `table ${dotted(facts.named)}`,
    named: facts.named,
    persistence: persistenceOf(facts),
    columns,
    inherits: isPartition ? [] : (facts.inherits ?? []),
    partitionBy: facts.partitionBy,
    partitionOf: isPartition ? { parent, bound: facts.bound } : undefined,
    ofType: facts.ofType,
    options: [
      ...(facts.options ?? []),
      ...(facts.toast ?? []).map((option: string) => `toast.${option}`),
    ],
    accessMethod: facts.accessMethod,
    rowSecurity: facts.forced ? "forced" : facts.security ? "enabled" : undefined,
    replicaIdentity: { f: "full", n: "nothing", i: facts.replicaIndex }[facts.replica as string],
    clusteredOn: facts.clusteredOn,
  };
}

const constraintKinds: { readonly [letter: string]: ConstraintObject["of"] } = {
  p: "primary key",
  u: "unique",
  x: "exclusion",
  c: "check",
  f: "foreign key",
  n: "not null",
};

function constraintOf(facts: Facts): object {
  const { name, table, options } = facts;
  const definition = settled(facts.definition);
  return {
    kind: "constraint",
    id: `constraint ${name} on ${dotted(table)}`,
    name,
    table,
    of: constraintKinds[facts.of],
    definition: options === undefined ? definition : withOptions(definition, options),
    validated: facts.validated,
    partOf: facts.partOf,
  };
}

/** The server leaves the options of the index out of the definition of its constraint. */
function withOptions(definition: string, options: readonly string[]): string {
  const [, key, tail = ""] = /^(.*?)((?: (?:NOT )?DEFERRABLE| INITIALLY \w+)*)$/s.exec(
    definition,
  ) ?? ["", definition];
  return `${key} WITH (${options.join(", ")})${tail}`;
}

function typeOf(facts: Facts, attributes: readonly ReadColumn[]): object {
  const { named, type, collation, notNull, notNullName: own } = facts;
  const id = `type ${dotted(named)}`;
  const shapes: { readonly [letter: string]: object } = {
    e: { kind: "enum", values: facts.values ?? [] },
    d: {
      kind: "domain",
      type,
      collation,
      default: facts.default,
      notNull: notNull
        ? given({
            name: own === notNullName(named.name) ? undefined : own,
            isLocal: true,
          })
        : undefined,
      checks: facts.checks ?? [],
    },
    c: {
      kind: "composite",
      attributes: attributes.map(({ name, type, collation, comment }) =>
        given({ name, type, collation, comment }),
      ),
    },
    r: { kind: "range", options: facts.range ?? [] },
  };
  return { ...(shapes[facts.kind] as TypeObject), id, named };
}

function plainOf({ kind, label, definition, after, version, newest }: Facts): object {
  const name = label.slice(kind.length + 1);
  const all = { kind, id: `${kind} ${name}`, label, definition, after: after ?? [] };
  return given({ ...all, version, newest } satisfies Omit<PlainObject, "needs">);
}

function given<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}
