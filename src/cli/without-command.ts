/**
 * A command line that names no command of Slipway: help, the version, or a mistake. Loads only
 * then.
 */
import { ReleaseError } from "../core/model/errors.ts";
import { asksForHelp } from "./argv.ts";
import type { Command, CommandEntry } from "./command.ts";
import { flag } from "./flags.ts";
import { groupWords } from "./group-words.ts";
import { helpText, linesOf } from "./help.ts";
import { commandOfOtherTool } from "./other-tools.ts";
import type { Done, ParseOptions } from "./parse-options.ts";
import { help } from "./shared-flags.ts";
import { similar } from "./similar.ts";

const version = flag("-V, --version", "show the version");

/** No command was named, or one that there is not: help, the version, or a mistake. */
export function withoutCommand(argv: readonly string[], options: ParseOptions): Done {
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
      (theirs === undefined ? similar(wrong, known) : thatIs(theirs, name)) ??
      (built ? `${hint}; what needs the sources runs in the project: npx slipway --help` : hint),
  });
}

/** More arguments than the command takes. */
export function tooMany(
  args: readonly string[],
  at: { readonly entry: CommandEntry; readonly command: Command; readonly hint: string },
  { commands, name }: ParseOptions,
): ReleaseError {
  const { entry, command, hint } = at;
  const expected = command.arguments?.split(" ") ?? [];
  const count = `${expected.length} argument${expected.length === 1 ? "" : "s"}`;
  const names = commands.map(({ name }) => name);
  const theirs = inOurWords([...entry.name.split(" "), ...args], names);
  return new ReleaseError("usage_invalid", {
    reason: `too many arguments for ${entry.name.split(" ").at(-1)}. Expected ${count} but got ${args.length}: ${args.join(", ")}`,
    hint: thatIs(theirs, name) ?? hint,
  });
}

function thatIs(theirs: string | undefined, name: string): string | undefined {
  return theirs ? `That is ${name} ${theirs} here.` : undefined;
}

/** Defined only in a built release, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

/** Defined only in a built release: users of another tool have met the sources before. */
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
