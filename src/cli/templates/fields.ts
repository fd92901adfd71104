/** `title:string!`, `slug:string:unique`, `author:references`: the columns that a new migration is given. Pure. */
import { ReleaseError } from "../../core/model/errors.ts";
import { similar } from "../similar.ts";

/** A column of a new migration. */
export type Field = {
  readonly column: string;
  /** As in a migration. */
  readonly type: string;
  /** The table that it points at. */
  readonly references?: string | undefined;
  readonly isRequired?: boolean;
  readonly index?: "plain" | "unique" | undefined;
};

/** @throws {ReleaseError} `usage_invalid` if it is no column with a type */
export function fieldOf(word: string): Field {
  const [, column, type, rest = "", required] =
    /^(\p{L}[\p{L}\p{N}_]*):([\p{L}\p{N}_ (),[\]]+)((?::[\p{L}\p{N}_]+)*)(!)?$/u.exec(word) ?? [];
  if (column === undefined || type === undefined)
    throw refused(word, "Write a column as NAME:TYPE, as in title:string.");
  const more = rest.split(":").filter((one) => one !== "");
  const isRequired = required !== undefined;
  if (type === "references") {
    const [table, ...others] = more;
    const target = table === undefined || isIndex(table) ? undefined : table;
    const bare = column.replace(/_id$/, "");
    return {
      column: `${bare}_id`,
      type: "bigint",
      references: target ?? plural(bare),
      isRequired,
      index: indexOf(target === undefined ? more : others, word),
    };
  }
  if (!isType(type)) {
    const hint = similar(type, types) ?? "Types are in docs/migrations.md.";
    throw refused(word, hint);
  }
  return { column, type, isRequired, index: indexOf(more, word) };
}

const isIndex = (word: string) => word === "index" || word === "unique" || word === "uniq";

function indexOf(more: readonly string[], word: string): Field["index"] {
  const [first, second] = more;
  if (second !== undefined || (first !== undefined && !isIndex(first)))
    throw refused(word, "Behind the type may stand index or unique.");
  if (first === undefined) return undefined;
  return first === "index" ? "plain" : "unique";
}

/** The types of the language, and names of databases' types that it has no word for. */
const types = [
  ..."bigint bigserial binary boolean date decimal duration float id identity integer json map".split(
    " ",
  ),
  ..."naive_datetime naive_datetime_usec serial smallint string text time time_usec".split(" "),
  ..."utc_datetime utc_datetime_usec uuid".split(" "),
];

/** Any other word is passed to the database as it is, unless it is nearly one that is known. */
function isType(type: string): boolean {
  const bare = type.replace(/\[\]$/, "");
  return types.includes(bare) || similar(bare, types) === undefined || databases.has(bare);
}

/** Types of databases that look like a slip of one of Slipway's types. */
const databases = new Set(
  "int int2 int4 int8 real double bytea blob jsonb timestamptz timestamp timetz tinyint mediumint mediumtext longtext datetime bool numeric char varchar inet cidr interval xml point bit year enum set any".split(
    " ",
  ),
);

/** `author` → `authors`, `category` → `categories`; `posts` is plural already, `status` and `address` are not. */
function plural(word: string): string {
  if (/s$/.test(word) && !/(?:ss|us|is|^(?:gas|lens|bias|atlas|alias|canvas))$/.test(word))
    return word;
  if (/[^aeiou]y$/.test(word)) return word.replace(/y$/, "ies");
  if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return `${word}s`;
}

function refused(word: string, hint: string): ReleaseError {
  return new ReleaseError("usage_invalid", {
    reason: `${JSON.stringify(word)} is not a column of a new migration`,
    hint,
  });
}
