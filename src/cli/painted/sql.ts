/** SQL with colours. */
import { lex } from "../../core/sql/lexer.ts";
import type { Token } from "../../core/sql/token.ts";
import { paint } from "./paint.ts";

/** The same text with keywords, literals and comments in colour; as it is where it cannot be read. */
export function paintedSql(text: string): string {
  try {
    return [...lex(text, "postgres")].map(painted).join("");
  } catch {
    return text;
  }
}

function painted({ kind, text }: Token): string {
  switch (kind) {
    case "comment":
      return eachLine(text, (line) => paint("quiet", line));
    case "string":
      return eachLine(text, (line) => paint("literal", line));
    case "word":
      return keyword.test(text) ? paint("keyword", text) : text;
    default:
      return text;
  }
}

/** A colour ends with its line, so that a line can be cut or grepped by itself. */
function eachLine(text: string, change: (line: string) => string): string {
  return text.split("\n").map(change).join("\n");
}

/**
 * The words that show a statement's purpose; colours for the rest of SQL's words would only make it
 * loud.
 */
const keyword =
  /^(add|all|alter|always|analyze|and|as|asc|attach|begin|between|by|cascade|case|check|cluster|collate|column|comment|commit|concurrently|constraint|create|cross|current|cycle|database|deallocate|default|deferrable|deferred|delete|desc|detach|disable|distinct|do|domain|drop|else|enable|end|enum|exclude|execute|exists|extension|for|force|foreign|from|full|function|generated|grant|group|having|if|immediate|in|include|index|inherit|initially|inner|insert|instead|intersect|into|is|join|key|language|left|like|limit|lock|materialized|modify|not|null|of|offset|on|only|or|order|outer|owner|partition|policy|primary|procedure|publication|refresh|reindex|references|release|rename|replace|reset|restrict|returns|revoke|right|role|rollback|row|rows|savepoint|schema|security|select|sequence|session|set|show|statistics|stored|table|tablespace|temporary|then|to|trigger|truncate|type|union|unique|unlogged|update|using|vacuum|valid|validate|values|view|when|where|with|without)$/i;
