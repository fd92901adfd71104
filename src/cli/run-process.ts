/** The command line of the running process: its signals, its broken pipes and its exit code. */
import { type Door, main } from "./main.ts";
import { abortOnSignal } from "./signals.ts";
import { quietWarnings } from "./warnings.ts";
import { processWorld } from "./world.ts";

/** Runs one command line to its end. The process then ends by itself: nothing is cut off. */
export async function runProcess(
  argv: readonly string[],
  door: Omit<Door, "world">,
): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreBrokenPipe);
  quietWarnings();
  const world = processWorld();
  const signal = abortOnSignal(world.tell);
  process.exitCode = await main(argv, { ...door, world: { ...world, signal } });
}

/** Whoever read us has gone, as `head` does. What runs goes on to its end. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
