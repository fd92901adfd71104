/** From the words of a command line to an exit code. */

import { visibleLines } from "../core/model/visible.ts";
import type { Emit } from "../engine/events.ts";
import type { Release } from "../release/release.ts";
import { json } from "../reporters/json.ts";
import { terminal } from "../reporters/terminal.ts";
import { asTyped } from "./as-typed.ts";
import type { AppExports, CommandContext, CommandEntry, Ending } from "./command.ts";
import { parse } from "./program.ts";
import { type CliWorld, processWorld } from "./world.ts";

/** Through which door the command line was entered. */
export type Door = {
  readonly commands: readonly CommandEntry[];
  /** The version of this package. */
  readonly slipway: string;
  /** The words that the user types before a command, for help. Default: `slipway`. */
  readonly name?: string;
  /**
   * Gives the release; `path` is the one that the user named.
   *
   * @throws {ReleaseError} `release_missing`, `release_invalid`
   */
  readonly release: (place: {
    readonly cwd: string;
    readonly path: string | undefined;
  }) => Promise<Release>;
  /** Loads the app of a built release, without starting it. Default: there is none. */
  readonly app?: (() => Promise<BuiltApp>) | undefined;
  /** Whether this is a built release. Default: `false`, where there are sources. */
  readonly built?: boolean;
  /** The folder of a built release. Default: there is none. */
  readonly root?: string | undefined;
  /** Called once, before the first migration runs. Default: nothing is. */
  readonly begins?: () => void;
  /** The parts that differ from the running process. Default: none. */
  readonly world?: Partial<CliWorld>;
};

/**
 * The app of a built release: its exports, and the release that it uses itself, where that is
 * known.
 */
export type BuiltApp = { readonly exports: AppExports; readonly Release?: Release | undefined };

/** Runs one command line, without the path of Node and of the script. Gives the exit code and never throws. */
export async function main(argv: readonly string[], door: Door): Promise<number> {
  const raw = { ...processWorld(), ...door.world };
  const own = ownWords(argv, door.commands);
  const asJson = own.includes("--json");
  const debug = raw.env.SLIPWAY_DEBUG === "1" || own.some((word) => /^(-v|--verbose)$/.test(word));
  const world = asJson ? raw : visibly(raw);
  try {
    const parsed = await parse(argv, {
      commands: door.commands,
      slipway: door.slipway,
      name: nameOf(door),
      built: door.built === true,
      write: world.write,
      tell: asJson ? () => undefined : world.tell,
    });
    if ("exitCode" in parsed) return parsed.exitCode;
    const { command, args, flags, quiet, releasePath = world.env.SLIPWAY_RELEASE } = parsed;
    const options = { world, json: asJson, releasePath: releasePath || undefined };
    const context = await contextOf(door, raw, { ...options, quiet });
    const ending = await command.run({ args, flags, context });
    if (ending.ends === true) world.endAfterwards();
    return await show(ending, { world: raw, asJson, debug, door });
  } catch (error) {
    return await showFailure(error, { world: raw, asJson, debug, door });
  }
}

/**
 * Commands have no colours, so a sign that moves the cursor comes from data. JSON keeps it, in
 * JSON's spelling.
 */
function visibly(world: CliWorld): CliWorld {
  return {
    ...world,
    write: (text) => world.write(visibleLines(text)),
    tell: (text) => world.tell(visibleLines(text)),
    redraw: world.redraw && ((text) => world.redraw?.(visibleLines(text))),
  };
}

/** Lines of a reporter and of an error may be coloured, and see to it themselves. */
async function contextOf(
  door: Door,
  raw: CliWorld,
  given: Pick<CommandContext, "world" | "json" | "releasePath"> & { readonly quiet: boolean },
): Promise<CommandContext> {
  const { quiet, ...options } = given;
  const { world, json: asJson, releasePath: path } = options;
  const { tell } = raw;
  const { cwd, env, signal, write, styled, watched } = world;
  const told = env.CI && !watched ? atItsTime(raw) : tell;
  const lines = terminal({ write: told, styled, columns: watched ? world.columns : undefined });
  const live = watched
    ? (await import("../reporters/live-line.ts")).withLiveLine(lines, {
        write: tell,
        columns: world.columns,
      })
    : lines;
  const shown = inWordsOfDoor(live, door);
  const heard = quiet ? () => undefined : asJson ? json({ write: tell }) : shown;
  const emit = door.begins === undefined ? heard : atBeginning(door.begins, heard);
  const find = () => door.release({ cwd, path });
  const print = await statusPrinter(raw, write);
  const reporting = (release: Release) =>
    release.using({
      signal,
      write: asJson ? () => undefined : (text) => print(inWordsOf(door, text, "status")),
      emit,
    });
  return {
    ...options,
    commands: door.commands,
    name: nameOf(door),
    root: door.root,
    slipway: door.slipway,
    built: door.built === true,
    release: async () => reporting(await find()),
    async app() {
      const { exports = {}, Release } = (await door.app?.()) ?? {};
      return { exports, Release: reporting(Release ?? (await find())) };
    },
  };
}

/** In CI nobody watches, so each line of the log carries its time. */
function atItsTime({ tell, now }: CliWorld): (text: string) => void {
  return (text) => tell(`${now().toISOString().slice(11, 19)} ${text}`);
}

/** Text of others first gets its control signs made visible, so that all colours are Slipway's. */
async function statusPrinter(
  raw: CliWorld,
  write: (text: string) => void,
): Promise<(text: string) => void> {
  const { painted, width = narrowest } = raw;
  if (!painted && width >= narrowest) return write;
  const fits =
    width < narrowest
      ? (await import("./painted/narrow-status.ts")).narrowStatus
      : (text: string) => text;
  const { paintedStatus } = await import("./painted/status.ts");
  const paint = painted ? paintedStatus : (text: string) => text;
  return (text) => raw.write(paint(fits(visibleLines(text), width)));
}

/** On a terminal of fewer columns the block of a repo is laid out anew. */
const narrowest = 60;

function atBeginning(begins: () => void, emit: Emit): Emit {
  let isBegun = false;
  return (event) => {
    if (!isBegun && (event.type === "lock_taken" || event.type === "migration_started")) {
      isBegun = true;
      begins();
    }
    emit(event);
  };
}

function inWordsOfDoor(emit: Emit, door: Door): Emit {
  if (!door.built) return emit;
  return (event) => {
    const { type } = event;
    emit(type === "warning" ? { ...event, message: inWordsOf(door, event.message, type) } : event);
  };
}

/** The words for Slipway: not the arguments that a command passes on, nor those after `--`. */
export function ownWords(
  argv: readonly string[],
  commands: readonly CommandEntry[],
): readonly string[] {
  const [first, ...rest] = argv;
  const handsOn = commands.some((entry) => entry.name === first && entry.passThrough === true);
  const end = argv.indexOf("--");
  if (!handsOn) return end === -1 ? argv : argv.slice(0, end);
  return rest.slice(
    0,
    rest.findIndex((word) => !word.startsWith("-")),
  );
}

function nameOf({ name = "slipway" }: Door): string {
  return name;
}

/** How an ending is shown. */
type Showing = {
  readonly world: CliWorld;
  readonly asJson: boolean;
  readonly debug: boolean;
  readonly door: Door;
};

async function show(ending: Ending, showing: Showing): Promise<number> {
  const { world, asJson } = showing;
  const { data, text = "", told } = ending;
  if (asJson) world.write(document(data));
  else if (text !== "") world.write(await shownText(visibleLines(text), ending, world));
  if (told !== undefined && !asJson) await tellFailure(told, showing);
  return told?.exitCode ?? 0;
}

/**
 * Control signs in the text are visible by now and cannot move the cursor, so Slipway may add its
 * colours.
 */
async function shownText(text: string, { painted }: Ending, world: CliWorld): Promise<string> {
  return world.painted && painted !== undefined ? painted(text, world) : text;
}

async function showFailure(error: unknown, showing: Showing): Promise<number> {
  const { failureOf } = await import("./failure.ts");
  const { world, asJson, door } = showing;
  const failure = failureOf(error);
  const hint = inWordsOf(door, failure.hint, failure.code);
  if (asJson) world.write(document({ error: { ...failure, hint } }));
  else await tellFailure(error, showing);
  return failure.exitCode;
}

async function tellFailure(error: unknown, { world, debug, door }: Showing): Promise<void> {
  const { failureText } = await import("./failure.ts");
  const { styled, watched: lines } = world;
  const hint = (text: string, code: string) => inWordsOf(door, text, code);
  world.tell(failureText(error, { styled, debug, lines, hint }));
}

/** A hint names a command as it is typed where it is read. */
function inWordsOf(door: Door, hint: string, code: string): string {
  if (door.built) return asTyped(hint, { name: nameOf(door), commands: door.commands });
  return code === "env_missing" ? `${hint} In development a line in .env does it too.` : hint;
}

function document(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
