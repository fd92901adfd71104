/** Statements that make of one table the other, each of one kind, so that the server does it in the best way that it has. */
import { execute } from "../../../core/difference/steps.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import { quote } from "../sql-text.ts";
import { clausesOf, columnOf, familyOf, indexOf } from "./in-language.ts";
import { columnsOf, type TableText } from "./table-text.ts";

/** Without the foreign keys, which go before all tables change, and come when all have changed. */
export function alterations(
  name: string,
  from: TableText,
  to: TableText,
): readonly SchemaOperation[] {
  const isKeyed = lineOf(from.keys, "PRIMARY") !== lineOf(to.keys, "PRIMARY");
  const lines = [...changed(from.columns, to.columns)];
  const others = new Set(
    lines.filter((one) => {
      const [was, is] = [from.columns.get(one), to.columns.get(one)];
      return was !== undefined && is !== undefined && familyOf(one, was) !== familyOf(one, is);
    }),
  );
  const isTied = [...changed(from.keys, to.keys)].some((key) =>
    [from, to].some(({ keys }) => columnsOf(keys.get(key) ?? "").some((one) => others.has(one))),
  );
  const counts = lines.some((one) =>
    [from, to].some(({ columns }) => / AUTO_INCREMENT\b/.test(columns.get(one) ?? "")),
  );
  const alter = (up: readonly string[], down: readonly string[]) =>
    execute(statement(name, up), statement(name, down));
  const [there, back] = [partsOf(from, to), partsOf(to, from)];
  const options = execute(optionsOf(name, from, to), optionsOf(name, to, from));
  const isRecoded = charsetOf(from.options) !== charsetOf(to.options);
  const [wayOut, wayIn] = isRecoded
    ? [execute([], optionsOf(name, to, from)), execute(optionsOf(name, from, to), [])]
    : [[], options];
  const body =
    isKeyed || counts || isTied
      ? execute(asOne(name, there), asOne(name, back))
      : [
          ...added(name, from, to),
          ...modified(name, there.modify, back.modify),
          ...keysChanged(name, from, to),
          ...dropped(name, from, to),
        ];
  const through = bySteps(from, to);
  return [
    ...alter(there.dropChecks, back.addChecks),
    ...wayIn,
    ...alter(through, []),
    ...body,
    ...alter([], through),
    ...wayOut,
    ...alter(there.addChecks, back.dropChecks),
  ];
}

type Parts = {
  readonly dropChecks: readonly string[];
  readonly addChecks: readonly string[];
  readonly dropKeys: readonly string[];
  readonly addKeys: readonly string[];
  readonly drop: readonly string[];
  readonly add: readonly string[];
  readonly modify: readonly string[];
  /** Columns that are made again, with the keys that have one of them. */
  readonly dropAgain: readonly string[];
  readonly addAgain: readonly string[];
};

/** All in one statement, except columns that are made again: these cannot stand beside their sources. */
function asOne(name: string, parts: Parts): readonly string[] {
  const { dropKeys, drop, add, modify, addKeys, dropAgain, addAgain } = parts;
  return [
    ...statement(name, dropAgain),
    ...statement(name, [...dropKeys, ...drop, ...add, ...modify, ...addKeys]),
    ...statement(name, addAgain),
  ];
}

function partsOf(from: TableText, to: TableText): Parts {
  const again = madeAgain(from, to);
  const keys = new Set([
    ...changed(from.keys, to.keys),
    ...[...to.keys].flatMap(([key, line]) =>
      columnsOf(line).some((column) => again.has(column)) ? [key] : [],
    ),
  ]);
  const isAgain = ({ keys: all }: TableText, key: string) =>
    columnsOf(all.get(key) ?? "").some((column) => again.has(column));
  const [gone, come] = [from, to].map(({ keys: all }) =>
    [...keys].filter((key) => all.has(key)),
  ) as [string[], string[]];
  const addKey = (key: string) => `ADD ${to.keys.get(key)}`;
  const checks = new Set([...changed(from.checks, to.checks), ...checksOf(again, to)]);
  const isRecoded = charsetOf(from.options) !== charsetOf(to.options);
  return {
    dropChecks: [...checks].filter((one) => from.checks.has(one)).map(dropConstraint),
    addChecks: [...checks].flatMap((one) => to.checks.get(one) ?? []).map((line) => `ADD ${line}`),
    dropKeys: gone.filter((key) => !isAgain(from, key)).map(dropKey),
    addKeys: come.filter((key) => !isAgain(to, key)).map(addKey),
    drop: [...from.columns.keys()].filter((column) => !to.columns.has(column)).map(dropColumn),
    add: [...to.columns]
      .filter(([column]) => !from.columns.has(column))
      .map(([, line]) => `ADD COLUMN ${line}`),
    dropAgain: [
      ...gone.filter((key) => isAgain(from, key)).map(dropKey),
      ...[...again].map(dropColumn),
    ],
    addAgain: [
      ...[...again].map((column) => `ADD COLUMN ${to.columns.get(column)}`),
      ...come.filter((key) => isAgain(to, key)).map(addKey),
    ],
    modify: [...to.columns]
      .filter(([column, line]) => {
        const before = from.columns.get(column);
        if (before === undefined || again.has(column)) return false;
        return before !== line || (isRecoded && hasCharacters(column, line));
      })
      .map(([, line]) => `MODIFY COLUMN ${line}`),
  };
}

/** A check goes with the column that it is about, without a word. */
function checksOf(columns: ReadonlySet<string>, { checks }: TableText): readonly string[] {
  return [...checks].flatMap(([name, line]) =>
    [...columns].some((column) => line.includes(quote(column))) ? [name] : [],
  );
}

const dropColumn = (column: string) => `DROP COLUMN ${quote(column)}`;
const dropKey = (key: string) =>
  key === "PRIMARY" ? "DROP PRIMARY KEY" : `DROP KEY ${quote(key)}`;
const dropConstraint = (name: string) => `DROP CONSTRAINT ${quote(name)}`;

/** A UUID becomes a number, or a number one, only by the way of text. */
function bySteps(from: TableText, to: TableText): readonly string[] {
  const typeIn = ({ columns }: TableText, column: string) =>
    clausesOf(column, columns.get(column) ?? "")[0] ?? "";
  const again = madeAgain(from, to);
  return [...from.columns.keys()].flatMap((column) => {
    const types = [typeIn(from, column), typeIn(to, column)];
    const isFar =
      types.includes("uuid") && types.some((type) => !/^(uuid|\w*char|\w*text|$)/.test(type));
    return isFar && !again.has(column) ? [`MODIFY COLUMN ${quote(column)} varchar(100)`] : [];
  });
}

function hasCharacters(column: string, line: string): boolean {
  return /^(char|varchar|\w*text|enum|set)\b/.test(clausesOf(column, line)[0] ?? "");
}

/** A virtual column cannot be modified into one of another kind or expression. A stored one can. */
export function madeAgain(from: TableText, to: TableText): ReadonlySet<string> {
  return new Set(
    [...to.columns].flatMap(([column, line]) => {
      const before = from.columns.get(column);
      if (before === undefined || before === line) return [];
      return [before, line].some((one) => isVirtual(column, one)) ? [column] : [];
    }),
  );
}

export function isVirtual(column: string, line: string): boolean {
  return clausesOf(column, line).some((clause) => /^(GENERATED|AS)\b.* VIRTUAL$/s.test(clause));
}

function statement(name: string, parts: readonly string[]): readonly string[] {
  return parts.length === 0 ? [] : [`ALTER TABLE ${quote(name)} ${parts.join(", ")}`];
}

function modified(
  name: string,
  up: readonly string[],
  down: readonly string[],
): readonly SchemaOperation[] {
  const by = (parts: readonly string[]) =>
    new Map(parts.map((part) => [/^MODIFY COLUMN (`(?:[^`]|``)*`)/.exec(part)?.[1], part]));
  const [there, back] = [by(up), by(down)];
  return [...there].flatMap(([column, part]) =>
    execute(statement(name, [part]), statement(name, [back.get(column) ?? part])),
  );
}

function added(name: string, from: TableText, to: TableText): readonly SchemaOperation[] {
  const lines = [...to.columns].filter(([column]) => !from.columns.has(column));
  if (lines.length === 0) return [];
  const columns = lines.map(([column, line]) => columnOf(column, line));
  if (columns.every((column) => column !== undefined))
    return [
      {
        ...{ kind: "alter_table", table: { name } },
        changes: columns.map((column) => ({ kind: "add_column", column })),
      },
    ];
  return execute(
    statement(
      name,
      lines.map(([, line]) => `ADD COLUMN ${line}`),
    ),
    statement(
      name,
      lines.map(([column]) => `DROP COLUMN ${quote(column)}`),
    ),
  );
}

function dropped(name: string, from: TableText, to: TableText): readonly SchemaOperation[] {
  const lines = [...from.columns].filter(([column]) => !to.columns.has(column));
  if (lines.length === 0) return [];
  const columns = lines.map(([column, line]) => columnOf(column, line));
  if (columns.every((column) => column !== undefined))
    return [
      {
        ...{ kind: "alter_table", table: { name } },
        changes: columns.map((was) => ({ kind: "remove_column", name: was.name, was })),
      },
    ];
  return execute(
    statement(
      name,
      lines.map(([column]) => `DROP COLUMN ${quote(column)}`),
    ),
    statement(
      name,
      lines.map(([, line]) => `ADD COLUMN ${line}`),
    ),
  );
}

/** An index that the server made for a foreign key goes by itself when another comes that serves it, so all are one change. */
function keysChanged(name: string, from: TableText, to: TableText): readonly SchemaOperation[] {
  const again = madeAgain(from, to);
  const [there, back] = [partsOf(from, to), partsOf(to, from)];
  const [come, gone] = [only(to.keys, from.keys), only(from.keys, to.keys)];
  const isPlain = again.size === 0 && there.dropKeys.length === gone.length;
  const made = come.map(([key, line]) => indexOf(name, key, line));
  const lost = gone.map(([key, line]) => indexOf(name, key, line));
  const isOneWay = come.length === 0 || gone.length === 0;
  if (isPlain && isOneWay && [...made, ...lost].every((index) => index !== undefined))
    return [
      ...made.map((index) => ({ kind: "create_index" as const, index: index! })),
      ...lost.map((index) => ({ kind: "drop_index" as const, index: index! })),
    ];
  const changes = ({ dropKeys, addKeys, dropAgain, addAgain }: Parts) => [
    ...statement(name, dropAgain),
    ...statement(name, [...dropKeys, ...addKeys]),
    ...statement(name, addAgain),
  ];
  return execute(changes(there), changes(back));
}

function only(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...one].filter(([name]) => !other.has(name));
}

export function changed(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return new Set(names.filter((name) => lineOf(from, name) !== lineOf(to, name)));
}

function lineOf(lines: ReadonlyMap<string, string>, name: string): string | undefined {
  return lines.get(name);
}

function charsetOf(options: string): string {
  return /DEFAULT CHARSET=\w+(?: COLLATE=\w+)?/.exec(options)?.[0] ?? "";
}

/** Whether it keeps the rows that were, which only MariaDB does. */
export function isVersioned({ options }: TableText): boolean {
  return / WITH SYSTEM VERSIONING$/.test(options);
}

/** Changes the table's own options. An option that is gone returns to the server's default. */
function optionsOf(name: string, from: TableText, to: TableText): readonly string[] {
  if (from.options === to.options) return [];
  const isGone = (option: string) =>
    new RegExp(`\\b${option}=`).test(from.options) && !new RegExp(`\\b${option}=`).test(to.options);
  const rest = [
    ...(isGone("COMMENT") ? ["COMMENT=''"] : []),
    ...(isGone("ROW_FORMAT") ? ["ROW_FORMAT=DEFAULT"] : []),
  ];
  const unversioned = isVersioned(from) && !isVersioned(to) ? ["DROP SYSTEM VERSIONING"] : [];
  return [
    ...statement(name, unversioned),
    `ALTER TABLE ${quote(name)} ${[to.options, ...rest].join(" ")}`,
  ];
}
