/** Whose rules an SQL text follows. */
export type SqlSyntax = "postgres" | "mysql" | "sqlite";

/**
 * The kind of a piece of SQL text.
 * `name`: an identifier in quotes. `parameter`: a placeholder or a variable. `end`: the end of a
 * statement, usually `;`. `client`: a line for the client program: MySQL's `DELIMITER`, psql's
 * `\restrict`. `rows`: the data that `COPY … FROM stdin` reads.
 */
export type TokenKind =
  | "space"
  | "comment"
  | "word"
  | "name"
  | "string"
  | "number"
  | "parameter"
  | "symbol"
  | "end"
  | "client"
  | "rows";

export type Token = {
  readonly kind: TokenKind;
  /** Exactly as it stands in the text. */
  readonly text: string;
  /** Where it starts, in UTF-16 units from 0. */
  readonly start: number;
};

/** False for what a database never sees. */
export function isCode(token: Token): boolean {
  return token.kind !== "space" && token.kind !== "comment" && token.kind !== "client";
}

/** The word that a token is, in upper case; the empty string when it is none. */
export function wordOf(token: Token | undefined): string {
  return token?.kind === "word" ? token.text.toUpperCase() : "";
}
