/** Texts that are to run, as far as foretelling needs to know them. */

import type { SchemaOperation } from "../../language/operation.ts";
import type { KnownPublications } from "../../model/database-facts.ts";
import type { Statement } from "../../model/statement.ts";
import type { TreeNode } from "../../sql/tree.ts";
import type { Effect } from "./effect.ts";
import type { ServerMajor } from "./scene.ts";

/** One statement of a script. */
export type ScriptStatement = {
  /** Its tree; without one it could not be parsed, and `error` says why. */
  readonly node?: TreeNode | undefined;
  readonly error?: string | undefined;
  readonly text: string;
  /**
   * The operation that it was compiled from, where that says more than its text. Default: nothing
   * more is known.
   */
  readonly operation?: SchemaOperation | undefined;
  /** A part of a safe form, which takes names away only when they are no longer asked for. Default: it is not. */
  readonly ofSafeForm?: true | undefined;
  /** The statement that Slipway sends for it. Default: its text. */
  readonly sent?: Statement | undefined;
  /** It stands in an SQL file of its author's. Default: it does not. */
  readonly ofFile?: true | undefined;
  /** Where it begins, from 1. */
  readonly line: number;
};

/** One file, or one migration. */
export type Script = {
  readonly name: string;
  readonly statements: readonly ScriptStatement[];
  /** Whether all of it runs in a transaction that is not its own. */
  readonly inTransaction: boolean;
  /** Whether settings that a transaction would ignore go around it, as in a migration. Default: `false`. */
  readonly switchesAround?: boolean | undefined;
  /** Whether code of its author's runs in it, of which no more is known. Default: `false`. */
  readonly runsCode?: boolean | undefined;
};

/** The effects of one statement, each with its judgement. */
export type StatementEffects<Judged> = {
  readonly script: number;
  readonly statement: number;
  readonly effects: readonly { readonly effect: Effect; readonly judged: Judged }[];
};

/** The words of a server that refused statements, by the place of the script and the statement in it. */
export type Refused = ReadonlyMap<number, ReadonlyMap<number, string>>;

/** PostgreSQL's grammar, as those who can load it give it. */
export type SqlParser = {
  /** The statements of a text, each with its line. One that cannot be parsed is alone in that. */
  readonly statements: (sql: string) => readonly ScriptStatement[];
  /** The trees of a text; `undefined` when it cannot be parsed. */
  readonly parse: (sql: string) => readonly TreeNode[] | undefined;
  /** The statements that are written out in a block of PL/pgSQL. */
  readonly parseBlock: (code: string) => readonly TreeNode[];
  /** The engine itself, where it is at hand. Default: only words and trees tell. */
  readonly trial?: Trial | undefined;
};

export type ForetellOptions<Judged> = Pick<SqlParser, "parse" | "parseBlock" | "trial"> & {
  /** Judges an effect at the moment when it happens: later, tables have other names. */
  readonly judge: (effect: Effect) => Judged;
  /** Statements of earlier migrations. Without them, every name counts as existing. */
  readonly base?: readonly ScriptStatement[] | undefined;
  /** Publications of production. Default: those that migrations make. */
  readonly published?: KnownPublications | undefined;
  readonly server: ServerMajor;
  /**
   * The server's words about statements that it refused, by script and place. Default: nobody
   * tried.
   */
  readonly refused?: Refused | undefined;
  /**
   * Whether each script is a separate run, so that its objects are old for the next. Consecutive
   * scripts of one name are one run. Default: all scripts are one run.
   */
  readonly eachIsARun?: boolean | undefined;
};

/**
 * Runs scripts in an engine and shows their effects, where one is at hand without a server. It runs
 * them in order on a database that is gone afterwards, and gives effects by script and statement.
 */
export type Trial = (
  scripts: readonly Script[],
  options: Pick<ForetellOptions<unknown>, "base" | "eachIsARun">,
) => readonly (readonly (readonly Effect[])[])[];
