import type { Body } from "./body.ts";
import { statementHead } from "./statement-head.ts";
import { type Token, wordOf } from "./token.ts";

/**
 * Counts the blocks of a routine, which may come without DELIMITER lines.
 * https://dev.mysql.com/doc/refman/8.4/en/sql-compound-statements.html,
 * https://mariadb.com/kb/en/begin-end/ (BEGIN NOT ATOMIC)
 */
export function mysqlBody(): Body {
  const head = statementHead(
    /^(CREATE (OR REPLACE )?(DEFINER (\S+ )?)?(AGGREGATE )?(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)|ALTER (DEFINER (\S+ )?)?EVENT|BEGIN NOT)$/,
  );
  const open: Block[] = [];
  let comments = 0;
  let before: Token | undefined;
  return {
    isOpen() {
      if (wordOf(before) === "END") close(open, "");
      before = undefined;
      return open.length > 0 || comments > 0;
    },
    read(token) {
      head.read(token);
      if (/^\/\*M?!/.test(token.text)) comments++;
      if (token.text === "*/") comments = Math.max(0, comments - 1);
      if (head.matched()) {
        if (wordOf(before) === "END") close(open, wordOf(token));
        else if (before?.text !== ".") begin(open, wordOf(token), before);
      }
      before = before?.text === "." && wordOf(token) === "END" ? undefined : token;
    },
  };
}

type Block = "BEGIN" | "IF" | "CASE" | "LOOP" | "WHILE" | "REPEAT" | "CASE expression";

/** `END` and the word behind it: END IF closes an IF, a plain END a BEGIN or the CASE of an expression. */
function close(open: Block[], next: string): void {
  const top = open.at(-1);
  const named = /^(IF|CASE|LOOP|WHILE|REPEAT|FOR)$/.test(next);
  if (named ? top === next : top === "BEGIN" || top === "CASE expression") open.pop();
}

function begin(open: Block[], word: string, before: Token | undefined): void {
  const inExpression = open.at(-1) === "CASE expression";
  const statement = !inExpression && startsStatement(before, { inHead: open.length === 0 });
  switch (word) {
    case "NOT":
      if (open.length === 0 && wordOf(before) === "BEGIN") open.push("BEGIN");
      return;
    case "BEGIN":
      if (!inExpression) open.push(word);
      return;
    case "CASE":
      open.push(statement ? word : "CASE expression");
      return;
    case "IF":
    case "LOOP":
    case "WHILE":
    case "REPEAT":
      if (statement) open.push(word);
  }
}

/** Whether a statement can start behind `before`: IF and REPEAT are functions elsewhere. */
function startsStatement(before: Token | undefined, at: { readonly inHead: boolean }): boolean {
  if (before === undefined) return false;
  if (before.text === ";" || before.text === ":") return true;
  if (/^(BEGIN|THEN|ELSE|DO|LOOP|REPEAT)$/.test(wordOf(before))) return true;
  if (!at.inHead) return false;
  // The last words of what may stand before the body of a routine, a trigger or an event.
  return (
    before.text === ")" ||
    before.kind === "string" ||
    /^(DETERMINISTIC|SQL|DATA|INVOKER|DEFINER|ROW)$/.test(wordOf(before))
  );
}
