/** The command line of the running process: its signals, its broken pipes and its exit code. */
import { ReleaseError } from "../core/model/errors.ts";
import { type Door, main, ownWords } from "./main.ts";
import { abortOnSignal } from "./signals.ts";
import { quietWarnings } from "./warnings.ts";
import { type CliWorld, processWorld } from "./world.ts";

/**
 * Runs one command line to its end. The process then ends by itself: nothing is cut off, but for an app that was
 * loaded, and after a signal.
 */
export async function runProcess(
  argv: readonly string[],
  door: Omit<Door, "world">,
): Promise<void> {
  const { stdout, stderr } = process;
  let lost: NodeJS.ErrnoException | undefined;
  stdout.on("error", (error) => {
    if (isLost(error)) lost ??= error;
  });
  // Nobody is left to hear about it.
  stderr.on("error", () => undefined);
  quietWarnings();
  if (ownWords(argv, door.commands).includes("--json")) keepForDocument();
  const world = await knownWorld();
  if (world === undefined) return;
  const signal = abortOnSignal(world.tell);
  let ends = false;
  const endAfterwards = () => {
    ends = true;
  };
  const exitCode = await main(argv, { ...door, world: { ...world, signal, endAfterwards } });
  await Promise.all([arrived(stdout), arrived(stderr)]);
  process.exitCode = exitCode;
  if (lost !== undefined) {
    const { failureText } = await import("./failure.ts");
    const error = new ReleaseError("output_lost", { reason: lost.message }, { cause: lost });
    world.tell(failureText(error, { styled: world.styled, debug: false }));
    process.exitCode = exitCode || error.exitCode;
  }
  // An opening connection may hold the process while the server is silent.
  if (ends || signal.aborted) process.exit();
}

/** Where there is none, it says why, and with which exit code the process ends. */
async function knownWorld(): Promise<CliWorld | undefined> {
  try {
    return processWorld();
  } catch (error) {
    const { failureOf, failureText } = await import("./failure.ts");
    process.stderr.write(failureText(error, { styled: false, debug: false }));
    process.exitCode = failureOf(error).exitCode;
    return undefined;
  }
}

/** Standard output then has one document: the logs of a user's migration go where events go. */
function keepForDocument(): void {
  Object.assign(console, new console.Console(process.stderr, process.stderr));
}

/** Output to a pipe is under way until somebody reads it, and only then is a loss known. */
async function arrived(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise((done) => stream.write("", done));
}

/** The reader may have left, as `head` does. The run continues to its end, and nothing is lost. */
function isLost({ code = "" }: NodeJS.ErrnoException): boolean {
  return code !== "EPIPE" && !code.startsWith("ERR_STREAM_");
}
