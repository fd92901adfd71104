/** Follows a rename of a table or a column in the texts that SQLite keeps of its objects. */
import type { WrittenObject } from "../../../core/catalog/catalog.ts";
import type { WrittenRename } from "../../../core/difference/written/words.ts";
import { lex } from "../../../core/sql/lexer.ts";
import { isCode, wordOf } from "../../../core/sql/token.ts";
import { quote } from "../quote.ts";
import { unquote } from "../table-sql/cursor.ts";
import { sameName } from "../table-sql/table-sql.ts";

/** Views and triggers are not looked into: they go before and come back as they are wished. */
export function renamed(object: WrittenObject, rename: WrittenRename): WrittenObject {
  const { table, column, to } = rename;
  const isOn = sameName(object.table.name, table);
  if (object.of !== "table" && object.of !== "index") return object;
  if (column === undefined) {
    const definition = withNames(object.definition, { from: table, to, isIn: "tables" });
    if (!isOn) return { ...object, definition };
    const id = object.of === "table" ? `table ${to}` : object.id;
    const needs = object.of === "index" ? [`table ${to}`] : object.needs;
    return { ...object, id, needs, table: { name: to }, definition };
  }
  const isIn = isOn ? "own" : "references";
  return {
    ...object,
    definition: withNames(object.definition, { from: column, to, isIn, target: table }),
  };
}

type Where = {
  readonly from: string;
  readonly to: string;
  /** `tables` are names behind TABLE, ON and REFERENCES; `references` the columns of a foreign key to `target`. */
  readonly isIn: "tables" | "own" | "references";
  readonly target?: string;
};

function withNames(sql: string, { from, to, isIn, target = "" }: Where): string {
  let text = "";
  /** The table whose columns stand here, in parentheses behind REFERENCES. */
  let referred: string | undefined;
  let before = "";
  let place = 0;
  let named = 0;
  for (const token of lex(sql, "sqlite")) {
    if (!isCode(token)) {
      text += token.text;
      continue;
    }
    const word = wordOf(token);
    const isName = token.kind === "word" || (token.kind === "name" && /^["`[]/.test(token.text));
    const name = isName ? unquote(token.text) : "";
    const isTable = ["TABLE", "REFERENCES", "ON"].includes(before);
    if (before === "REFERENCES") [referred, named] = [name, place];
    const isReferred = referred !== undefined && place > named + 1;
    const ofTarget = isReferred ? sameName(referred ?? "", target) : isIn === "own";
    // The name of an index stands before its table.
    const isObject = before === "INDEX" || isTable;
    const isMeant =
      isName && sameName(name, from) && (isIn === "tables" ? isTable : ofTarget && !isObject);
    text += isMeant ? quote(to) : token.text;
    if (token.text === ")" && isReferred) referred = undefined;
    else if (referred !== undefined && place > named && token.text !== "(" && !isReferred)
      referred = undefined;
    before = word;
    place += 1;
  }
  return text;
}
