/** Reads a command line: which command, and what it is given. */
import { ReleaseError } from "../core/model/errors.ts";
import { readWords } from "./argv.ts";
import type { Command, CommandEntry } from "./command.ts";
import { type FlagSet, flag } from "./flags.ts";
import { groupWords } from "./group-words.ts";
import { helpText, type Line } from "./help.ts";
import { commandOfOtherTool } from "./other-tools.ts";
import { help, sharedFlags } from "./shared-flags.ts";
import { similar } from "./similar.ts";

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
  /** Whether only data and errors are wanted. */
  readonly quiet: boolean;
  /** What `--release` says. */
  readonly releasePath: string | undefined;
};

type Done = { readonly exitCode: number };

/**
 * Loads the one command that is asked for. Gives only an exit code when help or the version was all that was wanted.
 *
 * @throws {ReleaseError} `usage_invalid`, `option_invalid`
 */
export async function parse(
  words: readonly string[],
  options: ParseOptions,
): Promise<Parsed | Done> {
  const argv = withoutHelpCommand(words);
  const entry = options.commands.find((one) => startsWith(argv, one.name.split(" ")));
  if (entry === undefined) return withoutCommand(argv, options);
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
    write(helpText({ usage, words: entry.words, options: linesOf({ ...flags, help }) }));
    return { exitCode: 0 };
  }
  const given = readWords(words, shape);
  refuseTooMany(given.args, { entry, command, hint }, options);
  const { release, json, ...own } = given.flags;
  return {
    command,
    args: given.args,
    flags: Object.fromEntries(Object.keys(command.flags).map((key) => [key, own[key]])),
    quiet: own.quiet === true,
    releasePath: typeof release === "string" ? release : undefined,
  };
}

const version = flag("-V, --version", "show the version");

/** Help counts wherever it stands, but not among words that are handed on. */
function asksForHelp(words: readonly string[], passThrough: boolean): boolean {
  const end = words.findIndex((word) => word === "--" || (passThrough && !word.startsWith("-")));
  const own = end < 0 ? words : words.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

function refuseTooMany(
  args: readonly string[],
  at: { readonly entry: CommandEntry; readonly command: Command; readonly hint: string },
  { commands, name }: ParseOptions,
): void {
  const { entry, command, hint } = at;
  const expected = command.arguments?.split(" ") ?? [];
  if (args.length <= expected.length || expected.at(-1)?.endsWith("...]")) return;
  const count = `${expected.length} argument${expected.length === 1 ? "" : "s"}`;
  const names = commands.map(({ name }) => name);
  const theirs = inOurWords([...entry.name.split(" "), ...args], names);
  throw new ReleaseError("usage_invalid", {
    reason: `too many arguments for ${entry.name.split(" ").at(-1)}. Expected ${count} but got ${args.length}: ${args.join(", ")}`,
    hint: theirs === undefined ? hint : `That is ${name} ${theirs} here.`,
  });
}

/** No command was named, or one that there is not: help, the version, or a mistake. */
function withoutCommand(argv: readonly string[], options: ParseOptions): Done {
  const { commands, name, slipway, built, write, tell } = options;
  const [first = "", second] = argv;
  if (typeof slipwayWithoutBackfills !== "undefined" && first === "backfill")
    throw new ReleaseError("backfills_left_out", {});
  const group = commands.filter((entry) => entry.name.startsWith(`${first} `));
  const isGroup = group.length > 0;
  const rest = isGroup ? argv.slice(1) : argv;
  const page = isGroup ? groupPage(first, group, name) : programPage(options);
  if (rest.length === 0) {
    tell(page);
    return { exitCode: 2 };
  }
  if (
    asksForHelp(
      rest.filter((word) => word.startsWith("-")),
      false,
    ) &&
    rest[0]?.startsWith("-")
  ) {
    write(page);
    return { exitCode: 0 };
  }
  if (!isGroup && (first === "--version" || first === "-V")) {
    write(`slipway ${slipway}\n`);
    return { exitCode: 0 };
  }
  const hint = `See: ${[name, ...(isGroup ? [first] : []), "--help"].join(" ")}`;
  const wrong = isGroup ? (second ?? "") : first;
  if (wrong.startsWith("-")) {
    const known = linesOf(isGroup ? { help } : { version, help });
    const long = known.map(({ term }) => term.replace(/^.*--/, "--"));
    throw new ReleaseError("usage_invalid", {
      reason: `unknown option ${wrong}`,
      hint: similar(wrong, long) ?? hint,
    });
  }
  if (built) tell(page);
  const harmless = (isGroup ? group : commands).filter(({ destroys = false }) => !destroys);
  const known = harmless.map((entry) =>
    isGroup ? entry.name.slice(first.length + 1) : entry.name.split(" ")[0]!,
  );
  const names = commands.map((entry) => entry.name);
  const theirs = isGroup ? undefined : inOurWords(argv, names);
  throw new ReleaseError("usage_invalid", {
    reason: `unknown command ${wrong}`,
    hint:
      theirs === undefined ? (similar(wrong, known) ?? hint) : `That is ${name} ${theirs} here.`,
  });
}

/** Is there in a built release only, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

/** Is there in a built release only: whoever is used to another tool has met the sources before. */
declare const slipwayBuilt: true | undefined;

function inOurWords(argv: readonly string[], names: readonly string[]): string | undefined {
  return typeof slipwayBuilt === "undefined" ? commandOfOtherTool(argv, names) : undefined;
}

function programPage({ name, commands }: ParseOptions): string {
  const groups = Map.groupBy(commands, (entry) => entry.name.split(" ")[0]!);
  return helpText({
    usage: `${name} [options] [command]`,
    words: "Database migrations from a release.",
    options: linesOf({ version, help }),
    commands: [...groups].map(([term, [entry]]) => ({
      term,
      words: groupWords[term] ?? entry!.words,
    })),
  });
}

/** `gen migration` is the command `migration` in the group `gen`. */
function groupPage(group: string, entries: readonly CommandEntry[], name: string): string {
  return helpText({
    usage: `${name} ${group} [options] [command]`,
    words: groupWords[group] ?? "",
    options: linesOf({ help }),
    commands: entries.map((entry) => ({
      term: entry.name.slice(group.length + 1),
      words: entry.words,
    })),
  });
}

function linesOf(flags: FlagSet): readonly Line[] {
  return Object.values(flags).map(({ option }) => ({ term: option.flags, words: option.words }));
}
