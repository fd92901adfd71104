import type { TestModule } from "vitest/node";

/** Says which ten files of a run took longest, so that a slow one is seen when it comes. */
export function tellSlowest(modules: readonly TestModule[]): void {
  // Few files that somebody works on need no list.
  if (modules.length < 10) return;
  const slowest = modules
    .map((module) => ({ file: module.relativeModuleId, seconds: secondsOf(module) }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, 10);
  const lines = slowest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${file}`);
  console.log(`\n The ten slowest files\n${lines.join("\n")}\n`);
}

function secondsOf(module: TestModule): number {
  const { collectDuration, duration, environmentSetupDuration, prepareDuration, setupDuration } =
    module.diagnostic();
  const ms =
    collectDuration + duration + environmentSetupDuration + prepareDuration + setupDuration;
  return ms / 1_000;
}
