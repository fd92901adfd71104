/** The names in a statement of SQLite, as its engine compares them. */
import { lex } from "../../core/sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../core/sql/token.ts";

/** Everything in it that may be a name, in lower case and without quotes. */
export function namesIn(sql: string): ReadonlySet<string> {
  return new Set(
    codeOf(sql)
      .filter(({ kind }) => kind === "word" || kind === "name")
      .map(plainName),
  );
}

/** Its tokens without spaces and comments; none for an unreadable text. */
export function codeOf(sql: string): readonly Token[] {
  try {
    return [...lex(sql, "sqlite")].filter(isCode);
  } catch {
    return [];
  }
}

/** In any of the four quotes. */
export function plainName(token: Pick<Token, "text"> | undefined): string {
  const text = token?.text ?? "";
  const quoted = /^(["'`[])([\s\S]*)(["'`\]])$/.exec(text);
  const plain = quoted === null ? text : quoted[2]!.replaceAll(quoted[3]! + quoted[3], quoted[3]!);
  return plain.toLowerCase();
}

/** The object of a CREATE, ALTER or DROP, as far as its words name it. */
export type DdlTarget = {
  readonly verb: "CREATE" | "ALTER" | "DROP";
  /** `TABLE`, `INDEX`, `VIEW`, `TRIGGER` */
  readonly type: string;
  readonly name: string;
  /** The table of an index or a trigger. */
  readonly on: string | undefined;
  /** The new name of a table. */
  readonly to: string | undefined;
  /** IF EXISTS, IF NOT EXISTS */
  readonly isIf: boolean;
  /** The tokens after the name. */
  readonly rest: readonly Token[];
};

export function targetOf(sql: string): DdlTarget | undefined {
  const tokens = codeOf(sql);
  const verb = wordOf(tokens[0]);
  if (verb !== "CREATE" && verb !== "ALTER" && verb !== "DROP") return undefined;
  const kind = tokens.findIndex((token) => /^(TABLE|INDEX|VIEW|TRIGGER)$/.test(wordOf(token)));
  if (kind < 1 || kind > 3) return undefined;
  const isIf = wordOf(tokens[kind + 1]) === "IF";
  const first = kind + (isIf ? (wordOf(tokens[kind + 2]) === "NOT" ? 4 : 3) : 1);
  const at = tokens[first + 1]?.text === "." ? first + 2 : first;
  const rest = tokens.slice(at + 1);
  const on = rest.findIndex((token) => wordOf(token) === "ON");
  const isRename = wordOf(rest[0]) === "RENAME" && wordOf(rest[1]) === "TO";
  const type = wordOf(tokens[kind]);
  return {
    ...{ verb, type, isIf, rest, name: plainName(tokens[at]) },
    on: on === -1 || type === "TABLE" || type === "VIEW" ? undefined : plainName(rest[on + 1]),
    to: isRename ? plainName(rest[2]) : undefined,
  };
}
