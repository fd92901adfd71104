/** From the words of a command line to an exit code. */

import type { Release } from "../release/release.ts";
import { json } from "../reporters/json.ts";
import { terminal } from "../reporters/terminal.ts";
import type { CommandContext, CommandEntry, Ending } from "./command.ts";
import { failureOf, failureText } from "./failure.ts";
import { findProject, importRelease } from "./find-release.ts";
import { parse } from "./program.ts";
import { type CliWorld, processWorld } from "./world.ts";

/** Through which door the command line was entered. */
export type Door = {
  readonly commands: readonly CommandEntry[];
  /** The version of this package. */
  readonly slipway: string;
  /** What the user types to come here, for help. Default: `slipway`. */
  readonly name?: string;
  /** The release of a built release, which has it inside. Default: the one of the project on disk. */
  readonly release?: Release;
  /** What is to be different from the running process. Default: nothing. */
  readonly world?: Partial<CliWorld>;
};

/** Runs one command line, without the path of Node and of the script. Gives the exit code and never throws. */
export async function main(argv: readonly string[], door: Door): Promise<number> {
  const world = { ...processWorld(), ...door.world };
  const asJson = argv.includes("--json");
  try {
    const parsed = await parse(argv, {
      commands: door.commands,
      slipway: door.slipway,
      name: door.name ?? "slipway",
      built: door.release !== undefined,
      write: world.write,
      tell: asJson ? () => undefined : world.tell,
    });
    if ("exitCode" in parsed) return parsed.exitCode;
    const { command, args, flags, releasePath = world.env.SLIPWAY_RELEASE } = parsed;
    const context = contextOf(door, { world, json: asJson, releasePath: releasePath || undefined });
    return show(await command.run({ args, flags, context }), context);
  } catch (error) {
    return showFailure(error, { world, asJson });
  }
}

function contextOf(
  door: Door,
  options: Pick<CommandContext, "world" | "json" | "releasePath">,
): CommandContext {
  const { world, json: asJson, releasePath: path } = options;
  const { cwd, signal, write, tell, styled } = world;
  const find = async () => door.release ?? importRelease(findProject({ cwd, path }), cwd);
  return {
    ...options,
    slipway: door.slipway,
    built: door.release !== undefined,
    release: async () =>
      (await find()).using({
        signal,
        write: asJson ? () => undefined : write,
        emit: asJson ? json({ write: tell }) : terminal({ write: tell, styled }),
      }),
  };
}

function show(ending: Ending, { world, json: asJson }: CommandContext): number {
  const { data, text = "", told } = ending;
  if (asJson) world.write(document(data));
  else if (text !== "") world.write(text);
  if (told !== undefined && !asJson) world.tell(failureText(told, textOptions(world)));
  return told?.exitCode ?? 0;
}

function showFailure(
  error: unknown,
  { world, asJson }: { readonly world: CliWorld; readonly asJson: boolean },
): number {
  const failure = failureOf(error);
  if (asJson) world.write(document({ error: failure }));
  else world.tell(failureText(error, textOptions(world)));
  return failure.exitCode;
}

function textOptions({ styled, env }: CliWorld) {
  return { styled, debug: env.SLIPWAY_DEBUG === "1" };
}

function document(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
