import { ReleaseError } from "../core/model/errors.ts";
import { wantsColour, wantsLinks } from "./colour.ts";

/** The world around a command line: its folder, its outputs, and the person to ask. */
export type CliWorld = {
  /** The working folder. */
  readonly cwd: string;
  readonly env: { readonly [variable: string]: string | undefined };
  /** Takes data, on stdout. */
  readonly write: (text: string) => void;
  /** Takes progress, logs and errors, on stderr. */
  readonly tell: (text: string) => void;
  /**
   * Shows a text over the one before it, cut to the terminal; `undefined` where stdout is none.
   */
  readonly redraw: ((text: string) => void) | undefined;
  /** How wide the terminal is that `tell` goes to. Default: 80. */
  readonly columns: () => number;
  /** How wide the terminal is that `write` goes to. Default: it goes to none. */
  readonly width?: number | undefined;
  /** Whether `tell` writes to a terminal where somebody watches and a line can be written over. */
  readonly watched: boolean;
  /** Whether the output of `tell` is coloured. */
  readonly styled: boolean;
  /** Whether the output of `write` may be coloured. */
  readonly painted: boolean;
  /** Whether the output of `write` may have links. */
  readonly links: boolean;
  /** Asks yes or no; `undefined` where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly now: () => Date;
  /** Makes the process end after this command line, whatever still keeps it running. */
  readonly endAfterwards: () => void;
  /** Stops a run at the next safe point; its reason is the signal's name. */
  readonly signal: AbortSignal;
};

/**
 * The world of the running process. Its signal never aborts.
 *
 * @throws {ReleaseError} `usage_invalid` where the working folder was deleted
 */
export function processWorld(): CliWorld {
  const { stdout, stderr, env } = process;
  return {
    cwd: workingFolder(),
    env,
    write: (text) => writeTo(stdout, text),
    tell: (text) => writeTo(stderr, text),
    redraw: stdout.isTTY && env.TERM !== "dumb" ? redrawOn(stdout) : undefined,
    // A terminal that nobody has told its size says 0.
    columns: () => stderr.columns || 80,
    width: stdout.isTTY ? stdout.columns || undefined : undefined,
    watched: stderr.isTTY === true && !env.CI && env.TERM !== "dumb",
    styled: wantsColour(env, { isTerminal: stderr.isTTY === true }),
    // Data may be read by a program even where colours are forced.
    painted: stdout.isTTY === true && wantsColour(env, { isTerminal: true }),
    links: wantsLinks(env, { isTerminal: stdout.isTTY === true }),
    // In this order, because Node makes a stream of stdin only for who looks at it, and that takes a while.
    confirm: stdout.isTTY && process.stdin.isTTY ? confirmed : undefined,
    now: () => new Date(),
    endAfterwards: () => undefined,
    signal: new AbortController().signal,
  };
}

function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const reason = "the folder that you are in was deleted";
    const hint = "Go to one that is there: cd, then the path of your project.";
    throw new ReleaseError("usage_invalid", { reason, hint }, { cause });
  }
}

async function confirmed(question: string): Promise<boolean> {
  const { confirm } = await import("./confirm.ts");
  return confirm(question);
}

/** A full disk is thrown by some versions of Node, and by others it is an event. */
function writeTo(stream: NodeJS.WriteStream, text: string): void {
  try {
    stream.write(text);
  } catch (error) {
    stream.emit("error", error);
  }
}

/**
 * Moves up over its last text. A line that is too long would become two, and one too many would
 * scroll away.
 */
function redrawOn(stdout: NodeJS.WriteStream): (text: string) => void {
  let height = 0;
  return (text) => {
    const { columns = 80, rows = 24 } = stdout;
    const lines = text
      .trimEnd()
      .split("\n")
      .slice(0, rows - 1);
    const shown = lines.map((line) => `${line.slice(0, columns - 1)}\u001b[K\n`).join("");
    writeTo(stdout, `${height === 0 ? "" : `\u001b[${height}A`}${shown}\u001b[J`);
    height = lines.length;
  };
}
