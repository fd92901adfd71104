/** How objects of MariaDB and MySQL are compared and changed, by the text that the server gives of each. */
import type { WrittenObject } from "../../../core/catalog/catalog.ts";
import { execute } from "../../../core/difference/steps.ts";
import type {
  WrittenChange,
  WrittenMade,
  WrittenTables,
  WrittenWords,
} from "../../../core/difference/written/words.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import { literal } from "../literal.ts";
import { quote } from "../sql-text.ts";
import { alterations, changed, isVersioned, isVirtual, madeAgain } from "./alter.ts";
import { clausesOf, familyOf, foreignKeyOf, tableOf } from "./in-language.ts";
import { renamed } from "./renamed.ts";
import {
  columnsOf,
  namesIn,
  printTable,
  readTable,
  referredIn,
  type TableText,
} from "./table-text.ts";

export const mysqlWords: WrittenWords = {
  settled: ({ of, definition, mode }) => {
    if (of !== "table") return mode === undefined ? definition : `${mode}\n${definition}`;
    const { columns, keys, checks, foreign, options, rest } = readTable(definition);
    const lines = [columns, keys, checks, foreign].flatMap((part) => [...part.values()].sort());
    return [...lines, options, ...rest].join("\n");
  },
  make,
  change,
  isDisturbed: (table, tables) =>
    disturbed(table.table.name, readTable(table.definition), tables, "to").size > 0,
  refuses,
  between,
  kept,
  // Foreign keys come last and go first.
  refersTo: () => [],
  columns: ({ definition }) =>
    [...readTable(definition).columns].map(([name, line]) => ({
      ...{ name, type: clausesOf(name, line)[0] ?? "" },
    })),
  renamed,
  folded: (name) => name.toLowerCase(),
};

function refuses(from: WrittenObject, to: WrittenObject): string | undefined {
  const [was, is] = [readTable(from.definition), readTable(to.definition)];
  if (was.rest.join("\n") !== is.rest.join("\n"))
    return "its partitions, or its periods, are others";
  if (isVersioned(was))
    return isVersioned(is)
      ? "it is system-versioned, and the server needs a setting for what becomes of its old rows (system_versioning_alter_history)"
      : "it would not be system-versioned any more, and the rows that were would be lost";
  const shown = [...is.columns].find(([column, line]) => {
    const before = was.columns.get(column);
    return before !== undefined && isVirtual(column, before) && !isVirtual(column, line);
  });
  return shown === undefined || isMadeOf(shown[0], shown[1])
    ? undefined
    : `column ${shown[0]} would be virtual no more, and the values that it shows would be lost`;
}

/** Whether the server makes its values itself, and nothing is lost. */
function isMadeOf(column: string, line: string): boolean {
  return clausesOf(column, line).some((clause) => /^(GENERATED|AS)\b/.test(clause));
}

function make(object: WrittenObject): WrittenMade {
  const { of, id, definition, mode } = object;
  const name = id.slice(of.length + 1);
  if (of === "table") return madeTable(name, readTable(definition));
  const [, as] = viewText.exec(definition) ?? [];
  if (of === "view" && as !== undefined)
    return { make: [{ kind: "create_view", view: { name }, definition: { as } }], last: [] };
  const set =
    mode === undefined
      ? { before: [], after: [] }
      : {
          before: ["SET @slipway_mode = @@sql_mode", `SET sql_mode = ${literal(mode)}`],
          after: ["SET sql_mode = @slipway_mode"],
        };
  const drop = `DROP ${of.toUpperCase()} ${quote(name)}`;
  return { make: execute([...set.before, definition, ...set.after], [drop]), last: [] };
}

/** Matches a view that has the server's defaults. */
const viewText = /^CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `(?:[^`]|``)*` AS (.*)$/s;

function madeTable(name: string, text: TableText): WrittenMade {
  const byServer = madeByServer(text);
  const bare = { ...text, foreign: new Map() };
  const keys = new Map([...text.keys].filter(([key]) => !byServer.has(key)));
  const said = tableOf(name, { ...bare, keys });
  const made = said ?? execute([printTable(name, bare)], [`DROP TABLE ${quote(name)}`]);
  const last = [...text.foreign].flatMap(([key, line]) =>
    foreign(name, key, line, { isBare: said === undefined ? !text.keys.has(key) : true }),
  );
  return { make: made, last };
}

/** Indexes of foreign keys that the server makes with them, and takes with them. */
function madeByServer({ keys, foreign: all }: TableText): ReadonlySet<string> {
  return new Set(
    [...all].flatMap(([key, line]) => {
      const own = columnsOf(line);
      const serving = [...keys].filter(([, other]) => columnsOf(other)[0] === own[0]);
      const isPlain = serving[0]?.[1] === `KEY ${quote(key)} (${own.map(quote).join(",")})`;
      return serving.length === 1 && isPlain ? [key] : [];
    }),
  );
}

/** In the language where no index has its name, for that would go with it. */
function foreign(
  table: string,
  key: string,
  line: string,
  { isBare }: { readonly isBare: boolean },
): readonly SchemaOperation[] {
  const said = isBare ? foreignKeyOf(table, key, line) : undefined;
  if (said !== undefined) return [said];
  const alter = `ALTER TABLE ${quote(table)}`;
  return execute([`${alter} ADD ${line}`], [`${alter} DROP FOREIGN KEY ${quote(key)}`]);
}

function change(from: WrittenObject, to: WrittenObject, tables: WrittenTables): WrittenChange {
  const { name } = to.table;
  const [was, is] = [readTable(from.definition), readTable(to.definition)];
  const others = changed(was.foreign, is.foreign);
  const drop = (table: string, key: string, line: string) => {
    const alter = `ALTER TABLE ${quote(table)}`;
    return execute([`${alter} DROP FOREIGN KEY ${quote(key)}`], [`${alter} ADD ${line}`]);
  };
  const goes = disturbed(name, was, tables, "from");
  const comes = disturbed(name, is, tables, "to");
  const isMoved = (key: string) => others.has(key) || goes.has(key) || comes.has(key);
  return {
    first: [...was.foreign].flatMap(([key, line]) => (isMoved(key) ? drop(name, key, line) : [])),
    make: alterations(name, was, is),
    last: [...is.foreign].flatMap(([key, line]) =>
      isMoved(key) ? foreign(name, key, line, { isBare: !is.keys.has(key) }) : [],
    ),
    // The server would refuse to take a column away that a view looks at.
    takesAlong: madeAgain(was, is).size > 0 ? ["view"] : [],
  };
}

/** The foreign keys that are in the way of a change at one of their ends. */
function disturbed(
  name: string,
  { foreign: all }: TableText,
  tables: WrittenTables,
  side: "from" | "to",
): ReadonlySet<string> {
  const isTouched = (table: string, columns: readonly string[]) => {
    const ends = [tables.from.get(`table ${table}`), tables.to.get(`table ${table}`)];
    const [was, is] = ends.map((end) =>
      end === undefined ? undefined : readTable(end.definition),
    );
    if (was === undefined || is === undefined) return ends[side === "from" ? 1 : 0] === undefined;
    if (was.options !== is.options) return true;
    const keys = [...changed(was.keys, is.keys)].filter((key) =>
      [was, is].some((one) => columnsOf(one.keys.get(key) ?? "")[0] === columns[0]),
    );
    return (
      keys.length > 0 ||
      columns.some((column) => was.columns.get(column) !== is.columns.get(column))
    );
  };
  return new Set(
    [...all].flatMap(([key, line]) => {
      const { table, columns } = referredIn(line);
      return isTouched(name, columnsOf(line)) || isTouched(table, columns) ? [key] : [];
    }),
  );
}

/** With the columns and indexes that go; a new NOT NULL comes when old code is gone. */
function between(from: WrittenObject, to: WrittenObject): WrittenObject {
  const [was, is] = [readTable(from.definition), readTable(to.definition)];
  const keyed = columnsOf(is.keys.get("PRIMARY") ?? "");
  const columns = new Map(is.columns);
  for (const [column, line] of is.columns) {
    const before = was.columns.get(column);
    const clauses = clausesOf(column, line);
    const isNew = !clausesOf(column, before ?? "").includes("NOT NULL");
    const isFilled =
      before === undefined && clauses.some((one) => /^(DEFAULT|GENERATED)\b/.test(one));
    const isFixed = keyed.includes(column) || clauses.includes("AUTO_INCREMENT") || isFilled;
    if (clauses.includes("NOT NULL") && isNew && !isFixed)
      columns.set(column, nullable(column, clauses));
  }
  const isOther = (column: string) => was.columns.get(column) !== is.columns.get(column);
  for (const [column, line] of was.columns) {
    // A generated or checked column names other columns, and with their new definitions it may not
    // be possible any more.
    const isMade = clausesOf(column, line).some((one) => /^(GENERATED|CHECK) /.test(one));
    const isLost = isMade && namesIn(line).some((name) => name !== column && isOther(name));
    if (!columns.has(column) && !isLost) columns.set(column, line.replace(/ AUTO_INCREMENT\b/, ""));
  }
  const keys = new Map(is.keys);
  for (const [key, line] of was.keys) {
    // A column of another type may be none that can be in it.
    const isWhole = columnsOf(line).every(
      (column) =>
        columns.has(column) &&
        (!is.columns.has(column) ||
          familyOf(column, was.columns.get(column)) === familyOf(column, is.columns.get(column))),
    );
    // The server takes one that it made for a foreign key when another comes that serves it.
    const mayGo = was.foreign.has(key);
    if (key !== "PRIMARY" && !keys.has(key) && isWhole && !mayGo) keys.set(key, line);
  }
  return { ...to, definition: printTable(to.table.name, { ...is, columns, keys }) };
}

/** Without foreign keys to columns that are others meanwhile. */
function kept(table: WrittenObject, { from, to }: WrittenTables): WrittenObject {
  const text = readTable(table.definition);
  const foreign = [...text.foreign].filter(([, line]) => {
    const { table: name, columns } = referredIn(line);
    const [was, is] = [from, to].map((end) => end.get(`table ${name}`)?.definition);
    if (was === undefined || is === undefined) return is === was || is === undefined;
    return columns.every(
      (one) => readTable(was).columns.get(one) === readTable(is).columns.get(one),
    );
  });
  if (foreign.length === text.foreign.size) return table;
  const rest = { ...text, foreign: new Map(foreign) };
  return { ...table, definition: printTable(table.table.name, rest) };
}

function nullable(column: string, clauses: readonly string[]): string {
  const [type = "", ...rest] = clauses.filter((clause) => clause !== "NOT NULL");
  const isTime = /^timestamp\b/.test(type);
  const at = rest.findIndex((clause) => !/^(CHARACTER SET|COLLATE)\b/.test(clause));
  const place = at === -1 ? rest.length : at;
  const has = rest.some((clause) => clause.startsWith("DEFAULT "));
  const said = [...(isTime ? ["NULL"] : []), ...(has ? [] : ["DEFAULT NULL"])];
  return [quote(column), type, ...rest.slice(0, place), ...said, ...rest.slice(place)].join(" ");
}
