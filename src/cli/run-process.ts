/** The command line of the running process: its signals, its broken pipes and its exit code. */
import { type Door, main } from "./main.ts";
import { abortOnSignal } from "./signals.ts";
import { quietWarnings } from "./warnings.ts";
import { processWorld } from "./world.ts";

/**
 * Runs one command line to its end. The process then ends by itself: nothing is cut off, but for an app that was
 * loaded, and after a signal.
 */
export async function runProcess(
  argv: readonly string[],
  door: Omit<Door, "world">,
): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreBrokenPipe);
  quietWarnings();
  const world = processWorld();
  const signal = abortOnSignal(world.tell);
  let ends = false;
  const endAfterwards = () => {
    ends = true;
  };
  process.exitCode = await main(argv, { ...door, world: { ...world, signal, endAfterwards } });
  // A connection that is being opened may hold the process for as long as the server is silent.
  if (ends || signal.aborted) await end();
}

/** What was written to a pipe is on its way until it is read. */
async function end(): Promise<void> {
  const streams = [process.stdout, process.stderr];
  await Promise.all(streams.map((stream) => new Promise((done) => stream.write("", done))));
  process.exit();
}

/** Whoever read us has gone, as `head` does. What runs goes on to its end. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
