/**
 * Plays `psql`, which acts before the server sees a text: it keeps the rows of a COPY, and psql's
 * lines that pg_dump writes.
 */
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { isCode, type Token, wordOf } from "./token.ts";

/** Reads along, and gives the tokens that are psql's. */
export function psqlClient() {
  /** How far a statement has come towards `COPY … FROM stdin`. */
  let seen: "" | "COPY" | "FROM" | "STDIN" | "end" | "other" = "";
  return {
    next(text: string, start: number): Token | undefined {
      if (seen === "end") {
        seen = "";
        return rows(text, start);
      }
      return seen === "" ? restriction(text, start) : undefined;
    },
    read(token: Token): void {
      if (!isCode(token) || token.kind === "rows") return;
      const word = wordOf(token);
      if (token.kind === "end") seen = seen === "STDIN" ? "end" : "";
      else if (seen === "") seen = word === "COPY" ? "COPY" : "other";
      else if (seen === "FROM") seen = word === "STDIN" ? "STDIN" : "COPY";
      else if (seen === "COPY" && word === "FROM") seen = "FROM";
    },
  };
}

/** `\restrict KEY` keeps psql from running commands that a hostile server put into a dump; here none is run anyway. */
function restriction(text: string, start: number): Token | undefined {
  if (text[start] !== "\\") return undefined;
  const line = /\\(?:un)?restrict[ \t]+\w+[ \t]*(?=[\r\n]|$)/y;
  line.lastIndex = start;
  const [found] = line.exec(text) ?? [];
  return found === undefined ? undefined : { kind: "client", text: found, start };
}

/** From the line behind the statement up to the line `\.`, which ends them. */
function rows(text: string, start: number): Token {
  const [first = ""] = /^[ \t]*\r?\n/.exec(text.slice(start, start + 200)) ?? [];
  const end = /^\\\.[ \t]*\r?$/gm;
  end.lastIndex = start + first.length;
  const found = first === "" ? null : end.exec(text);
  if (found === null) {
    throw new InvalidSql("the rows of COPY … FROM stdin do not end with a line \\.", {
      line: lineAt(text, start),
      hint: "Put the rows into the lines behind it, and \\. on a separate line.",
      isOpen: true,
    });
  }
  return { kind: "rows", text: text.slice(start, found.index + found[0].length), start };
}

/** The rows themselves, as the server takes them. */
export function rowsOf(text: string): string {
  return text.slice(text.indexOf("\n") + 1, text.lastIndexOf("\\."));
}
