/** Reads a command line with commander: which command, and what it is given. */
import { CommanderError, Command as Program } from "commander";
import { ReleaseError } from "../core/errors.ts";
import type { Command, CommandEntry } from "./command.ts";

/** Where a command line came in, and where help goes. */
export type ParseOptions = {
  readonly commands: readonly CommandEntry[];
  /** The version of this package. */
  readonly slipway: string;
  readonly name: string;
  /** In a built release, which has its release file inside. */
  readonly built: boolean;
  /** Takes help that was asked for. */
  readonly write: (text: string) => void;
  /** Takes help that comes for lack of a command. */
  readonly tell: (text: string) => void;
};

/** A command and what it is given. */
export type Parsed = {
  readonly command: Command;
  readonly args: readonly string[];
  readonly flags: { readonly [key: string]: unknown };
  /** What `--release` says. */
  readonly releasePath: string | undefined;
};

/**
 * Loads the one command that is asked for. Gives only an exit code when help or the version was all that was wanted.
 *
 * @throws {ReleaseError} `usage_invalid`, `option_invalid`
 */
export async function parse(
  words: readonly string[],
  options: ParseOptions,
): Promise<Parsed | { readonly exitCode: number }> {
  const program = programOf(options);
  const argv = withoutHelpCommand(words);
  const wanted = options.commands.find((entry) => startsWith(argv, entry.name.split(" ")));
  const command = await wanted?.load();
  let parsed: Parsed | undefined;
  for (const entry of options.commands) {
    const sub = addCommand(program, entry);
    if (entry !== wanted || command === undefined) continue;
    addFlags(sub, command, options);
    if (entry.passThrough === true) sub.passThroughOptions();
    sub.action(() => {
      parsed = read(sub, command);
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (options.built && error.code === "commander.unknownCommand")
        program.outputHelp({ error: true });
      return afterError(error, helpOf(options, wanted));
    }
    throw error;
  }
  if (parsed === undefined) {
    const reason = "no command was given";
    throw new ReleaseError("usage_invalid", { reason, hint: helpOf(options, wanted) });
  }
  return parsed;
}

/** `help` and `help migrate` are `--help` and `migrate --help`. */
function withoutHelpCommand(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  return first === "help" ? [...rest, "--help"] : words;
}

function programOf({ name, slipway, write, tell }: ParseOptions): Program {
  return new Program(name)
    .description("Database migrations from a release.")
    .version(`slipway ${slipway}`, "-V, --version", "show the version")
    .helpOption("-h, --help", "show this")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: tell, outputError: () => undefined });
}

/** `gen migration` is the command `migration` in the group `gen`. */
function addCommand(program: Program, { name, words }: CommandEntry): Program {
  const [first = "", second] = name.split(" ");
  if (second === undefined) return program.command(first).description(words);
  const group = program.commands.find((known) => known.name() === first) ?? program.command(first);
  const others = group.description() === "" ? [] : [group.description()];
  group.description([...others, words].join("; ")).helpCommand(false);
  return group.command(second).description(words);
}

function addFlags(sub: Program, command: Command, { built }: ParseOptions): void {
  if (command.arguments !== undefined) sub.arguments(command.arguments);
  for (const { option } of Object.values(command.flags)) sub.addOption(option);
  if (!built) sub.option("--release <path>", "the release file");
  sub.option("--json", "one JSON document on stdout");
}

function read(sub: Program, command: Command): Parsed {
  const given: { readonly [key: string]: unknown } = sub.opts();
  const flags = Object.entries(command.flags).map(
    ([key, { option }]) => [key, given[option.attributeName()]] as const,
  );
  const releasePath = typeof given.release === "string" ? given.release : undefined;
  return { command, args: sub.args, flags: Object.fromEntries(flags), releasePath };
}

function startsWith(argv: readonly string[], words: readonly string[]): boolean {
  return words.every((word, index) => argv[index] === word);
}

/** Help and version have been printed; the rest is a mistake of the user's, with commander's suggestion if it has one. */
function afterError(error: CommanderError, hint: string): { readonly exitCode: number } {
  if (error.exitCode === 0) return { exitCode: 0 };
  if (error.code === "commander.help") return { exitCode: 2 };
  const [first = "", ...rest] = error.message.split("\n");
  const suggestion = rest.join(" ").replace(/^\(|\)$/g, "");
  throw new ReleaseError("usage_invalid", {
    reason: first.replace(/^error: |\.$/g, "").replaceAll("'", ""),
    hint: suggestion === "" ? hint : suggestion,
  });
}

function helpOf({ name }: ParseOptions, wanted: CommandEntry | undefined): string {
  return `See: ${[name, wanted?.name, "--help"].filter(Boolean).join(" ")}`;
}
