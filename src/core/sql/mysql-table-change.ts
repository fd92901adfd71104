/** Which table a statement of MySQL changes, and where its options may stand. */
import { lex } from "./lexer.ts";
import { isCode, type Token, wordOf } from "./token.ts";

/** A change of a table, as text. */
export type TableChange = {
  readonly kind: "create_table" | "alter_table" | "index";
  /** As it stands in the text: `posts`, `` `blog`.`posts` ``. */
  readonly table: string;
  /** Behind the name of the table. */
  readonly nameEnd: number;
  /** The words of the statement, in upper case. */
  readonly words: readonly string[];
};

/**
 * `undefined` for what changes no table, and for DROP INDEX: it copies nothing, and MariaDB takes no word about how.
 * https://mariadb.com/kb/en/drop-index/
 */
export function tableChange(sql: string): TableChange | undefined {
  const tokens = [...lex(sql, "mysql")].filter(isCode);
  const words = tokens.map(wordOf).filter((word) => word !== "");
  const head = words.slice(0, 6).join(" ");
  const kind = kindOf(head);
  if (kind === undefined) return undefined;
  const name = nameAt(tokens, startOfName(tokens, kind));
  return name === undefined ? undefined : { kind, words, ...name };
}

/** Whether the statement says itself how it is to be done, or is of a kind that takes no such word. */
export function saysHow({ kind, words }: TableChange): boolean {
  if (kind === "create_table") return false;
  return words.some((word) =>
    /^(ALGORITHM|LOCK|PARTITION|PARTITIONING|TABLESPACE|NOWAIT|WAIT)$/.test(word),
  );
}

function kindOf(head: string): TableChange["kind"] | undefined {
  if (/^ALTER( ONLINE| IGNORE)* TABLE\b/.test(head)) return "alter_table";
  if (/^CREATE( OR REPLACE)?( ONLINE)?( UNIQUE| FULLTEXT| SPATIAL)? INDEX\b/.test(head))
    return "index";
  return /^CREATE( OR REPLACE)?( TEMPORARY)? TABLE\b/.test(head) ? "create_table" : undefined;
}

/** Behind TABLE, or behind the ON of an index. */
function startOfName(tokens: readonly Token[], kind: TableChange["kind"]): number {
  const before = kind === "index" ? "ON" : "TABLE";
  let at = tokens.findIndex((token) => wordOf(token) === before) + 1;
  while (/^(IF|NOT|EXISTS)$/.test(wordOf(tokens[at]))) at += 1;
  return at;
}

function nameAt(
  tokens: readonly Token[],
  at: number,
): Pick<TableChange, "table" | "nameEnd"> | undefined {
  const first = tokens[at];
  if (first === undefined) return undefined;
  const isDotted = tokens[at + 1]?.text === "." && tokens[at + 2] !== undefined;
  const parts = isDotted ? [first, tokens[at + 2]!] : [first];
  const last = parts.at(-1)!;
  const table = parts.map((part) => part.text).join(".");
  return { table, nameEnd: last.start + last.text.length };
}
