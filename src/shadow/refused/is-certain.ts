/**
 * Whether every database with the same schema refuses the statement that a shadow refuses, whatever
 * its rows. Pure.
 */
import { nodesIn, type Tree, type TreeNode } from "../../core/sql/tree.ts";

/** A server's words about a statement that it refuses. */
export type ServerError = {
  readonly code: string;
  readonly message: string;
  /** Which code it happened in. Default: in none. */
  readonly where?: string | undefined;
};

export type ShadowKnowledge = {
  /** Whether the given schema is complete, so that no other object exists. */
  readonly isComplete: boolean;
  /** The major version of the server that the answer is for. */
  readonly major: number;
  /** Code that ran and may do something else with other rows or tables. */
  readonly opaque: readonly string[];
  /** Whether code or a query may have written rows, which may be others elsewhere. */
  readonly mayHaveRows: boolean;
};

/**
 * Roles, extensions and functions may come from elsewhere, rows may differ, and so may anything
 * that code has made.
 */
export function isCertain(
  { code, message }: ServerError,
  { kind, tree }: TreeNode,
  { isComplete, major, opaque, mayHaveRows }: ShadowKnowledge,
): boolean {
  // Which versions of an extension a server has, is its own.
  if (/^(?:Do|Call|\w*Extension\w*)Stmt$/.test(kind)) return false;
  if (mentioned(message, tree).some((name) => opaque.some((text) => text.includes(name))))
    return false;
  // Who sends it gives the parameters types, which the shadow can only guess.
  if (hasParameters(tree) && !/^(?:42703|42P01|3F000)$/.test(code)) return false;
  if (newRefusals.some(({ since, words }) => major < since && words.test(`${code} ${message}`)))
    return false;
  switch (code) {
    case "42P01":
    case "3F000":
      return isComplete;
    case "42501":
      return false;
    case "25001":
      return kind === "ClusterStmt" || (kind === "ReindexStmt" && !/CONCURRENTLY/.test(message));
    case "42704":
      return !ofServer.test(message) && (isComplete || !/^type /.test(message));
    case "42710":
      return !ofServer.test(message);
    case "42883":
      return isComplete && (namesFunction.test(kind) || /^operator does not exist/.test(message));
    case "0A000":
      return !/available|build|platform|populated/.test(message);
    case "55000":
      return !/wal_level|preload|replication|populated|session|logical/.test(message);
    case "22P02":
    case "22007":
    case "22008":
    case "22003":
      return (
        !(readsTables.test(kind) && readsRelations(tree)) && (!mayHaveRows || !readsRows.test(kind))
      );
    case "22023":
      return !/locale|encoding|provider|unrecognized|parameter/.test(message);
    case "23505":
      return /"pg_\w+"/.test(message);
    default:
      return /^(?:42|2B|0L)/.test(code);
  }
}

/** Whether code sends values with it. */
export function hasParameters(tree: Tree): boolean {
  return [...nodesIn(tree)].some(({ kind }) => kind === "ParamRef");
}

/** Refusals that earlier servers do not have. */
const newRefusals: readonly { readonly since: number; readonly words: RegExp }[] = [
  { since: 17, words: /identity .*partition/ },
  // NOT NULL is a constraint with a name, and inherited as one.
  { since: 18, words: /_not_null\d*"/ },
  // Keys of two nondeterministic collations. Two types that cannot be compared are refused everywhere: 42804.
  { since: 18, words: /^(?!42804).*foreign key constraint .* cannot be implemented/ },
  { since: 18, words: /SET (?:UN)?LOGGED cannot be performed|cannot be unlogged/ },
];

/** Statements that find the values of rows. */
const readsRows =
  /^(?:AlterTable|Index|CreateTableAs|RefreshMatView|AlterDomain|Cluster|Reindex)Stmt$/;

/** Statements that ask tables for values. Here the tables are empty. */
const readsTables = /^(?:CreateTableAs|RefreshMatView)Stmt$/;

function readsRelations(tree: unknown): boolean {
  for (const { kind } of nodesIn(tree)) if (kind === "RangeVar" || kind === "FuncCall") return true;
  return false;
}

const namesFunction =
  /^(?:Drop|Rename|AlterFunction|AlterObjectSchema|AlterOwner|Comment|Grant)Stmt$/;

/** Errors about objects outside the schema, and about objects that another server may have. */
const ofServer =
  /^(?:role|tablespace|collation|operator (?:class|family)|access method|unrecognized|parameter|language|text search|foreign-data|server|user mapping|event trigger|extension|encoding|conversion|subscription|default collation|cannot|could not)\b/;

/** The names in the message, and the relations that the statement names. */
function mentioned(message: string, tree: unknown): readonly string[] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  return [...quoted, ...relationsIn(tree)];
}

function relationsIn(tree: unknown): readonly string[] {
  if (typeof tree !== "object" || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    key === "relname" && typeof value === "string" ? [value] : relationsIn(value),
  );
}
