/** What the bundle of a built release runs: the command line, with the release inside. */
import { builtCommands } from "../cli/commands/built.ts";
import { runProcess } from "../cli/run-process.ts";
import type { Release } from "../release/release.ts";

/** What the build knew. */
export type BuiltFacts = {
  readonly release: Release;
  /** The version of the package that built it. */
  readonly slipway: string;
};

/** Runs the command line of this process. */
export function runBuilt({ release, slipway }: BuiltFacts): void {
  void runProcess(process.argv.slice(2), {
    commands: builtCommands,
    slipway,
    name: `bin/${release.app}`,
    release,
  });
}
