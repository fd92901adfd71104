import type { CommandEntry } from "./command.ts";

/** Where a command line came in, and where help goes. */
export type ParseOptions = {
  readonly commands: readonly CommandEntry[];
  /** The version of this package. */
  readonly slipway: string;
  readonly name: string;
  /** In a built release, which has its release file inside. */
  readonly built: boolean;
  /** Takes the help that the user wanted. */
  readonly write: (text: string) => void;
  /** Takes the help that appears when there is no command. */
  readonly tell: (text: string) => void;
};

/** All that was wanted is done. */
export type Done = { readonly exitCode: number };
