/** Texts that are to run, as far as foretelling needs to know them. */
import type { TreeNode } from "../sql/tree.ts";
import type { Effect } from "./effect.ts";
import type { Server } from "./scene.ts";

/** One statement of a script. */
export type ScriptStatement = {
  /** Its tree; without one it could not be parsed, and `error` says why. */
  readonly node?: TreeNode | undefined;
  readonly error?: string | undefined;
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
};

/** One file, or one migration. */
export type Script = {
  readonly name: string;
  readonly statements: readonly ScriptStatement[];
  /** Whether all of it runs in a transaction that is not its own. */
  readonly inTransaction: boolean;
};

/** What one statement does, and what is said of it. */
export type StatementEffects<Judged> = {
  readonly script: number;
  readonly statement: number;
  readonly effects: readonly { readonly effect: Effect; readonly judged: Judged }[];
};

export type ForetellOptions<Judged> = {
  /** Says something of an effect at the moment when it happens: later, tables have other names. */
  readonly judge: (effect: Effect) => Judged;
  /** What earlier migrations have built; without it every name is taken to exist. */
  readonly base?: readonly ScriptStatement[] | undefined;
  readonly server: Server;
  readonly parse: (sql: string) => readonly TreeNode[] | undefined;
  readonly parseBlock: (code: string) => readonly TreeNode[];
};
