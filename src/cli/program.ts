/** Reads a command line: the command, and its arguments and flags. */
import { asksForHelp, readWords } from "./argv.ts";
import type { Command, CommandEntry } from "./command.ts";
import type { Done, ParseOptions } from "./parse-options.ts";
import { help, sharedFlags } from "./shared-flags.ts";

/** A command with its arguments and flags. */
export type Parsed = {
  readonly command: Command;
  readonly args: readonly string[];
  readonly flags: { readonly [key: string]: unknown };
  /** Whether only data and errors are wanted. */
  readonly quiet: boolean;
  /** The value of `--release`. */
  readonly releasePath: string | undefined;
};

/**
 * Loads the one command that the user typed. Gives only an exit code when the user wanted just help
 * or the version.
 *
 * @throws {ReleaseError} `usage_invalid`, `option_invalid`
 */
export async function parse(
  words: readonly string[],
  options: ParseOptions,
): Promise<Parsed | Done> {
  const argv = withoutHelpCommand(words);
  const entry = options.commands.find((one) => startsWith(argv, one.name.split(" ")));
  if (entry === undefined) {
    const { withoutCommand } = await import("./without-command.ts");
    return withoutCommand(argv, options);
  }
  return readCommand(entry, argv.slice(entry.name.split(" ").length), options);
}

/** `help` and `help migrate` are `--help` and `migrate --help`. */
function withoutHelpCommand(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  return first === "help" ? [...rest, "--help"] : words;
}

function startsWith(argv: readonly string[], words: readonly string[]): boolean {
  return words.every((word, index) => argv[index] === word);
}

async function readCommand(
  entry: CommandEntry,
  words: readonly string[],
  options: ParseOptions,
): Promise<Parsed | Done> {
  const { name, built, write } = options;
  const command = await entry.load();
  const flags = { ...command.flags, ...sharedFlags(built) };
  const hint = `See: ${name} ${entry.name} --help`;
  const shape = { flags: { ...flags, help }, passThrough: entry.passThrough === true, hint };
  if (asksForHelp(words, shape.passThrough)) {
    const usage = [name, entry.name, "[options]", command.arguments].filter(Boolean).join(" ");
    const { helpText, linesOf } = await import("./help.ts");
    write(helpText({ usage, words: entry.words, options: linesOf({ ...flags, help }) }));
    return { exitCode: 0 };
  }
  const given = readWords(words, shape);
  if (isTooMany(given.args, command)) {
    const { tooMany } = await import("./without-command.ts");
    throw tooMany(given.args, { entry, command, hint }, options);
  }
  const { release, json, ...own } = given.flags;
  return {
    command,
    args: given.args,
    flags: Object.fromEntries(Object.keys(command.flags).map((key) => [key, own[key]])),
    quiet: own.quiet === true,
    releasePath: typeof release === "string" ? release : undefined,
  };
}

function isTooMany(args: readonly string[], command: Command): boolean {
  const expected = command.arguments?.split(" ") ?? [];
  return args.length > expected.length && !expected.at(-1)?.endsWith("...]");
}
