/** Definitions as PostgreSQL writes them, read as parts of a table where the language has words for all of it. */
import type { ConstraintObject, IndexObject } from "../catalog/catalog.ts";
import type { Constraint, Index, IndexColumn, ReferentialAction } from "../language/table-parts.ts";
import type { Named } from "../model/named.ts";

const name = `(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")`;
const names = `${name}(?:, ${name})*`;

/** Gives nothing where the definition says more than the language can. */
export function indexOf({ definition, named, table, comment }: IndexObject): Index | undefined {
  const [, unique, only, using, rest = ""] =
    new RegExp(
      String.raw`^CREATE (UNIQUE )?INDEX ${name} ON (ONLY )?${name}\.${name} USING (\w+) \(([\s\S]*)$`,
    ).exec(definition) ?? [];
  const end = closing(rest);
  if (using === undefined || end === undefined) return undefined;
  const columns = cut(rest.slice(0, end)).map(indexColumn);
  const tail =
    new RegExp(
      String.raw`^\)(?: INCLUDE \((${names})\))?( NULLS NOT DISTINCT)?(?: WITH \(([^)]*)\))?(?: WHERE ([\s\S]*))?$`,
    ).exec(rest.slice(end)) ?? undefined;
  if (tail === undefined || columns.some((column) => column === undefined)) return undefined;
  const [, include, nullsNotDistinct, options, where] = tail;
  return {
    ...{ name: named.name, table, columns: columns as readonly IndexColumn[] },
    ...(unique === undefined ? {} : { unique: true }),
    ...(only === undefined ? {} : { only: true }),
    ...(using === "btree" ? {} : { using }),
    ...(include === undefined ? {} : { include: listed(include) }),
    ...(nullsNotDistinct === undefined ? {} : { nullsDistinct: false }),
    ...(options === undefined ? {} : { options }),
    ...(where === undefined ? {} : { where: unwrapped(where) }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function indexColumn(text: string): IndexColumn | undefined {
  const [, bare, expression, call, more = ""] =
    new RegExp(
      String.raw`^(?:(${name})(?= |$)|\(((?:[\s\S]*))\)(?= [A-Za-z"]|$)|([a-z_][\w.]*\([\s\S]*\)))((?: [^()]*)?)$`,
    ).exec(text) ?? [];
  const isWhole = expression === undefined || closing(expression) === undefined;
  if ((bare ?? expression ?? call) === undefined || !isWhole) return undefined;
  if (call !== undefined && !endsCall(call)) return undefined;
  const [, operatorClass, order, nulls] =
    /^(?: ((?!DESC\b|NULLS\b|COLLATE\b)[\w."]+))?( DESC)?(?: NULLS (FIRST|LAST))?$/.exec(more) ?? [
      undefined,
      "?",
    ];
  if (operatorClass === "?") return undefined;
  return {
    ...(bare === undefined ? { expression: expression ?? call } : { column: unquoted(bare) }),
    ...(order === undefined ? {} : { order: "desc" as const }),
    ...(nulls === undefined ? {} : { nulls: nulls === "FIRST" ? ("first" as const) : "last" }),
    ...(operatorClass === undefined ? {} : { operatorClass }),
  };
}

/** Whether the first parenthesis is closed by the last sign. */
function endsCall(text: string): boolean {
  const open = text.indexOf("(") + 1;
  return closing(text.slice(open)) === text.length - open - 1;
}

/** Gives nothing where the definition says more than the language can. */
export function constraintOf(object: ConstraintObject): Constraint | undefined {
  const { definition, comment } = object;
  const base = { name: object.name, ...(comment === undefined ? {} : { comment }) };
  switch (object.of) {
    case "check":
      return check(definition, base);
    case "primary key":
    case "unique":
      return key(definition, base);
    case "foreign key":
      return foreignKey(definition, base);
    case "exclusion":
    case "not null":
    case "trigger":
      return undefined;
  }
}

type Base = { readonly name: string; readonly comment?: string };

function check(definition: string, base: Base): Constraint | undefined {
  const inner = /^CHECK \(([\s\S]*)$/.exec(definition)?.[1] ?? "";
  const end = closing(inner);
  if (end === undefined) return undefined;
  const tail = inner.slice(end + 1);
  if (tail !== "" && tail !== " NOT VALID") return undefined;
  const expression = unwrapped(inner.slice(0, end));
  return { kind: "check", ...base, expression, ...(tail === "" ? {} : { validate: false }) };
}

function key(definition: string, base: Base): Constraint | undefined {
  const [, kind, nulls, columns, deferrable, deferred] =
    new RegExp(
      String.raw`^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? \((${names})\)( DEFERRABLE)?( INITIALLY DEFERRED)?$`,
    ).exec(definition) ?? [];
  if (columns === undefined) return undefined;
  const more = { ...base, columns: listed(columns), ...deferral(deferrable, deferred) };
  if (kind === "PRIMARY KEY") return { kind: "primary_key", ...more };
  return { kind: "unique", ...more, ...(nulls === undefined ? {} : { nullsDistinct: false }) };
}

function deferral(deferrable: string | undefined, deferred: string | undefined) {
  if (deferrable === undefined) return {};
  return {
    deferrable:
      deferred === undefined ? ("initially immediate" as const) : ("initially deferred" as const),
  };
}

const action = "(?:NO ACTION|RESTRICT|CASCADE|SET NULL|SET DEFAULT)";

function foreignKey(definition: string, base: Base): Constraint | undefined {
  const [, columns, prefix, table, others, full, onUpdate, onDelete, some, ...rest] =
    new RegExp(
      String.raw`^FOREIGN KEY \((${names})\) REFERENCES (${name})\.(${name})\((${names})\)( MATCH FULL)?(?: ON UPDATE (${action}))?(?: ON DELETE (${action})(?: \((${names})\))?)?( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT VALID)?$`,
    ).exec(definition) ?? [];
  if (columns === undefined || others === undefined || table === undefined) return undefined;
  const [deferrable, deferred, notValid] = rest;
  return {
    ...{ kind: "foreign_key", ...base, columns: listed(columns) },
    references: {
      table: { name: unquoted(table), prefix: unquoted(prefix ?? "") } satisfies Named,
      columns: listed(others),
    },
    ...(full === undefined ? {} : { match: "full" }),
    ...(onUpdate === undefined ? {} : { onUpdate: onUpdate.toLowerCase() as ReferentialAction }),
    ...(onDelete === undefined ? {} : { onDelete: deletion(onDelete, some) }),
    ...deferral(deferrable, deferred),
    ...(notValid === undefined ? {} : { validate: false }),
  };
}

function deletion(words: string, some: string | undefined): ReferentialAction {
  if (some === undefined) return words.toLowerCase() as ReferentialAction;
  return words === "SET NULL" ? { setNull: listed(some) } : { setDefault: listed(some) };
}

function listed(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(name, "g"))].map(([one]) => unquoted(one));
}

export function unquoted(identifier: string): string {
  return identifier.startsWith('"') ? identifier.slice(1, -1).replaceAll('""', '"') : identifier;
}

/** Removes parentheses around the whole expression. */
export function unwrapped(expression: string): string {
  if (!expression.startsWith("(")) return expression;
  const inner = expression.slice(1);
  return closing(inner) === inner.length - 1 ? inner.slice(0, -1) : expression;
}

/** The place of the parenthesis that closes one that was opened before. */
export function closing(text: string): number | undefined {
  let depth = 1;
  for (const [i, char] of outside(text)) {
    if (char === "(" || char === "[") depth++;
    if (char === ")" || char === "]") depth--;
    if (depth === 0) return i;
  }
  return undefined;
}

/** At its own commas. */
function cut(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (const [i, char] of outside(text)) {
    if (char === "(" || char === "[") depth++;
    if (char === ")" || char === "]") depth--;
    if (char !== "," || depth > 0) continue;
    parts.push(text.slice(from, i));
    from = i + 2;
  }
  return [...parts, text.slice(from)];
}

/** The signs that stand in no string and in no quoted name. */
function* outside(text: string): Generator<readonly [number, string]> {
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== undefined) {
      if (char === "\\" && quote === "E'") i++;
      else if (char === quote.at(-1)) quote = undefined;
    } else if (char === "'" || char === '"')
      quote = char === "'" && text[i - 1] === "E" ? "E'" : char;
    else yield [i, char];
  }
}
