/** A constraint that stands with a new column, as one that stands alone. */
import { children, part, type Tree, word } from "../../sql/tree.ts";
import type { SqlParser } from "../effects/script.ts";
import { says, takesName } from "./altered-table.ts";
import { sqlName, writtenSql } from "./written-sql.ts";

export type Apart = {
  /** ADD COLUMN without the constraint. */
  readonly column: string;
  /** ADD with the constraint, as it stands alone. */
  readonly added: string;
};

/** `undefined` where it cannot be cut out for sure, or where the column may be there already. */
export function apart(
  given: {
    readonly head: string;
    readonly text: string;
    readonly command: Tree;
    readonly wanted: Tree;
  },
  statement: Tree,
  parse: SqlParser["parse"],
): Apart | undefined {
  const { head, text, command, wanted } = given;
  const definition = part(part(command, "def"), "ColumnDef");
  if (definition === undefined || command.missing_ok === true) return undefined;
  const constraints = children(definition, "constraints");
  const at = constraints.findIndex(({ tree }) => tree === wanted);
  // Places are those of a text that holds this subcommand alone.
  const alone = children(parse(`${head} ${text}`)?.[0]?.tree, "cmds")[0]?.tree;
  const places = children(part(part(alone, "def"), "ColumnDef"), "constraints").map(
    ({ tree }) => utf16(`${head} ${text}`, Number(tree.location ?? -1)) - head.length - 1,
  );
  const end = constraints.findIndex(
    ({ tree }, i) => i > at && !String(tree.contype).startsWith("CONSTR_ATTR"),
  );
  const [from, to] = [places[at] ?? -1, end < 0 ? text.length : (places[end] ?? -1)];
  const others = constraints.filter((_, i) => i !== at);
  if (others.some(({ tree }) => takesName(tree))) return undefined;
  if (at < 0 || from < 0 || to < from) return undefined;
  const left = constraints.filter((_, i) => i < at || (end >= 0 && i >= end));
  const column = `${text.slice(0, from).trimEnd()} ${text.slice(to)}`.trimEnd();
  const { constraints: _, ...bare } = definition;
  const rest =
    left.length === 0 ? {} : { constraints: left.map(({ tree }) => ({ Constraint: tree })) };
  const def = { ColumnDef: { ...bare, ...rest } };
  const means = { ...statement, cmds: [{ AlterTableCmd: { ...command, def } }] };
  if (!says(`${head} ${column}`, means, parse)) return undefined;
  const added = standing(text.slice(from, to).trimEnd(), wanted, word(definition, "colname") ?? "");
  return added === undefined ? undefined : { column, added };
}

function standing(text: string, { contype }: Tree, column: string): string | undefined {
  if (contype === "CONSTR_CHECK") return `ADD ${text}`;
  const sql = writtenSql(text);
  const at = (wanted: string) =>
    sql.tokens.find((token) => token.kind === "word" && token.text.toUpperCase() === wanted)?.start;
  if (contype === "CONSTR_FOREIGN") {
    const place = at("REFERENCES");
    if (place === undefined) return undefined;
    return `ADD ${text.slice(0, place)}FOREIGN KEY (${sqlName(column)}) ${text.slice(place)}`;
  }
  if (contype !== "CONSTR_UNIQUE") return undefined;
  const unique = /^((?:CONSTRAINT\s+\S+\s+)?UNIQUE(?:\s+NULLS\s+(?:NOT\s+)?DISTINCT)?)(.*)$/is.exec(
    text,
  );
  return unique === null ? undefined : `ADD ${unique[1]} (${sqlName(column)})${unique[2]}`;
}

/** A place in bytes of UTF-8 as one in UTF-16. */
function utf16(text: string, bytes: number): number {
  if (bytes < 0) return -1;
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).length;
}
