/** Statements of a table rebuild that a migration brings itself, recognised by their words. */
import type { Statement } from "../../../core/model/statement.ts";
import { lex } from "../../../core/sql/lexer.ts";
import { isCode, type Token } from "../../../core/sql/token.ts";
import { plain, procedure } from "../statement.ts";

/** Whether foreign keys are switched on or off; `undefined` for another statement. */
export function switchesForeignKeys(sql: string): "on" | "off" | undefined {
  const words = codeOf(sql).map(({ text }) => text.toUpperCase());
  const [, value] =
    /^PRAGMA (?:\S+ \. )?FOREIGN_KEYS [=(] (\S+)/.exec(words.join(" ").replace(/["'`]/g, "")) ?? [];
  if (value === undefined) return undefined;
  return /^(ON|YES|TRUE|[1-9]\d*)$/.test(value) ? "on" : "off";
}

/** The pragma: it does nothing inside a transaction, so there it says what goes around it. */
export function foreignKeysStatement(sql: string, to: "on" | "off"): Statement {
  return {
    ...plain(sql),
    probe: { kind: "setting" },
    alone: true,
    around: {
      beforeBegin: procedure(sql, { name: "switch_foreign_keys", input: { on: to === "on" } }),
      afterBegin: procedure("remember foreign keys, views and triggers", {
        name: "remember_state",
        input: {},
      }),
      beforeCommit: procedure("check foreign keys, views and triggers", {
        name: "check_state",
        input: {},
      }),
      atEnd: procedure("foreign keys as before", { name: "restore_foreign_keys", input: {} }),
    },
  };
}

/** DROP TABLE and ALTER TABLE … RENAME TO, which need a look at the catalog beside them. */
export function rebuildStatement(sql: string): Statement {
  const tokens = codeOf(sql);
  const words = tokens.map(({ text, kind }) => (kind === "word" ? text.toUpperCase() : ""));
  if (words[0] === "DROP" && words[1] === "TABLE") {
    const table = nameIn(tokens.slice(words[2] === "IF" ? 4 : 2));
    if (table !== undefined)
      return { ...plain(sql), procedure: { name: "drop_as_written", input: { table, sql } } };
  }
  const isRename = words.at(-2) === "TO" && words.at(-3) === "RENAME" && words[1] === "TABLE";
  const table = nameIn(tokens.slice(2, -3));
  return isRename && table !== undefined
    ? { ...plain(sql), procedure: { name: "rename_as_written", input: { table, sql } } }
    : plain(sql);
}

/** ALTER TABLE … DROP COLUMN, which needs a look at the triggers; `undefined` for another statement. */
export function dropColumnStatement(sql: string): Statement | undefined {
  const tokens = codeOf(sql);
  const words = tokens.map(({ text, kind }) => (kind === "word" ? text.toUpperCase() : ""));
  if (words[0] !== "ALTER" || words[1] !== "TABLE") return undefined;
  const isLong = words.at(-2) === "COLUMN";
  const drop = isLong ? -3 : -2;
  const table = words.at(drop) === "DROP" ? nameIn(tokens.slice(2, drop)) : undefined;
  const column = nameIn(tokens.slice(-1));
  if (table === undefined || column === undefined) return undefined;
  return {
    ...plain(sql),
    procedure: { name: "drop_column_as_written", input: { table, column, sql } },
  };
}

function codeOf(sql: string): readonly Token[] {
  return [...lex(sql, "sqlite")].filter(isCode);
}

/** The name of a table in the main schema that these tokens are, and nothing else. */
function nameIn(tokens: readonly Token[]): string | undefined {
  const rest =
    tokens.length === 3 && /^["`[]?main["`\]]?$/i.test(tokens[0]!.text) ? tokens.slice(2) : tokens;
  const [name, more] = rest;
  if (name === undefined || more !== undefined) return undefined;
  if (name.kind === "word") return name.text;
  const quote = name.text.at(-1)!;
  return /["`\]']/.test(quote)
    ? name.text.slice(1, -1).replaceAll(quote + quote, quote)
    : undefined;
}
