/** A definition of one schema, as another schema gets it. */
import { lex } from "./lexer.ts";
import type { Token } from "./token.ts";

/** Both names as they are, without quotes; `quoted` is how the second one stands in SQL. */
export type SchemaMove = {
  readonly from: string;
  readonly quoted: string;
};

/**
 * The same statement with the schema's name changed, as PostgreSQL writes it: before a dot, and in `'acme.posts_id_seq'::regclass`.
 * `undefined` where the name stands anywhere else, for then nobody can say what it means.
 */
export function movedSchema(sql: string, { from, quoted }: SchemaMove): string | undefined {
  if (!sql.includes(from)) return sql;
  const tokens = [...lex(sql, "postgres")];
  const moved: string[] = [];
  for (const [i, token] of tokens.entries()) {
    if (!token.text.includes(from)) moved.push(token.text);
    else if (isSchema(tokens, i, from)) moved.push(quoted);
    else {
      const sequence = isOfClass(tokens, i) ? inText(token.text, from) : undefined;
      if (sequence === undefined && !isOtherName(token, from)) return undefined;
      moved.push(
        sequence === undefined ? token.text : `'${quoted.replaceAll("'", "''")}.${sequence}'`,
      );
    }
  }
  return moved.join("");
}

/** `acme.` that is not itself behind a dot. */
function isSchema(tokens: readonly Token[], i: number, from: string): boolean {
  return nameOf(tokens[i]!) === from && tokens[i + 1]?.text === "." && tokens[i - 1]?.text !== ".";
}

/** A longer name that only has it inside was given by somebody, and is the same for all. */
function isOtherName(token: Token, from: string): boolean {
  return (token.kind === "word" || token.kind === "name") && nameOf(token) !== from;
}

function nameOf({ kind, text }: Token): string | undefined {
  if (kind === "word") return text;
  return kind === "name" ? text.slice(1, -1).replaceAll('""', '"') : undefined;
}

function isOfClass(tokens: readonly Token[], i: number): boolean {
  const behind = tokens.slice(i + 1, i + 4).map(({ text }) => text);
  return behind.join("").startsWith("::regclass");
}

/** The part behind the schema in a string that names a relation. */
function inText(text: string, from: string): string | undefined {
  const inside = text.slice(1, -1);
  const begin = [`${from}.`, `"${from.replaceAll('"', '""')}".`].find((one) =>
    inside.startsWith(one),
  );
  const rest = begin === undefined ? from : inside.slice(begin.length);
  return rest.includes(from) ? undefined : rest;
}
