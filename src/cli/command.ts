/** The types of a command of the command line. */
import type { ReleaseError } from "../core/model/errors.ts";
import type { Release } from "../release/release.ts";
import type { FlagSet, FlagValues } from "./flags.ts";
import type { CliWorld } from "./world.ts";

/** A line of a list of commands: enough for `--help`, without loading the command. */
export type CommandEntry = {
  /** `migrate`, `gen migration`. */
  readonly name: string;
  /** Completes "slipway … :", in lower case and without a full stop. */
  readonly words: string;
  /** Whether all words from the first argument on are arguments, also those that look like flags. Default: `false`. */
  readonly passThrough?: boolean;
  /** Whether something is lost for good, so that a typing error must never lead here. Default: `false`. */
  readonly destroys?: boolean;
  readonly load: () => Promise<Command>;
};

/** One command: its arguments and its work. */
export type CommandDefinition<Flags extends FlagSet> = {
  /** The arguments as help shows them: `[repo] [version]`. Default: none. */
  readonly arguments?: string;
  readonly flags: Flags;
  run(input: CommandInput<Flags>): Promise<Ending>;
};

/** A command with whatever flags it has. */
export type Command = CommandDefinition<FlagSet>;

/** The arguments, flags and context of a command. */
export type CommandInput<Flags extends FlagSet = FlagSet> = {
  /** The words that are not flags. */
  readonly args: readonly string[];
  readonly flags: FlagValues<Flags>;
  readonly context: CommandContext;
};

/** Where a command runs, and how it gets at the release. */
export type CommandContext = {
  readonly world: CliWorld;
  /** All commands of this door. */
  readonly commands: readonly CommandEntry[];
  /** Whether the caller prints the data as JSON, so that a command must not print text itself. */
  readonly json: boolean;
  /** The words that the user types before a command: `slipway`, `bin/my_app`. */
  readonly name: string;
  /** The version of this package. */
  readonly slipway: string;
  /** The folder of a built release. */
  readonly root: string | undefined;
  /** Whether this is a built release, where a command must not need the sources. */
  readonly built: boolean;
  /** A path to the release file from `--release` or `SLIPWAY_RELEASE`. */
  readonly releasePath: string | undefined;
  /**
   * The release, set up to report to this command line.
   *
   * @throws {ReleaseError} `release_missing`, `release_invalid`
   */
  release(): Promise<Release>;
  /**
   * The release with the exports of the app; nothing where the release has no app. The app is
   * loaded, not started.
   */
  app(): Promise<{ readonly Release: Release; readonly exports: AppExports }>;
};

/** The exports of a module. */
export type AppExports = { readonly [name: string]: unknown };

/** How a command ended when it did not throw. */
export type Ending = {
  /** The output of `--json`. */
  readonly data: unknown;
  /** The output on stdout without `--json`. Default: nothing. */
  readonly text?: string;
  /** The same text for a terminal with colours. Default: without. */
  readonly painted?: (text: string, look: { readonly links: boolean }) => Promise<string>;
  /** A message though all went well: its lines and its exit code. */
  readonly told?: ReleaseError;
  /** Whether the process is to end though something may keep it running, as an app that was loaded. Default: `false`. */
  readonly ends?: boolean;
};

/** Gives a command the types of its flags. Does nothing else. */
export function defineCommand<const Flags extends FlagSet>(
  command: CommandDefinition<Flags>,
): CommandDefinition<Flags> {
  return command;
}
