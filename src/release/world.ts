/** The world around a release: output, clock, signal. A test or the command line passes another one. */
import { hostname, userInfo } from "node:os";
import type { Emit } from "../engine/events.ts";
import { terminal } from "../reporters/terminal.ts";
import { sleep } from "./sleep.ts";

export type World = {
  /** Hears what happens. Default: the terminal reporter, on stderr. */
  readonly emit: Emit;
  /** Takes data meant for the user, such as the status block. Default: stdout. */
  readonly write: (text: string) => void;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Stops a run at the next safe point. Default: never. */
  readonly signal: AbortSignal;
  /** The name of this machine, kept in the history. */
  readonly host: string;
  /** The operating system's name of who runs this, kept in the events. Default: that of the process. */
  readonly user?: string | undefined;
  /**
   * The folder from which migration folders are found, when the release names none. Default: the
   * working folder.
   */
  readonly root: string;
};

/** The world of the running process. */
export function processWorld(): World {
  return {
    emit: terminal({ write: (text) => process.stderr.write(text), styled: false }),
    write: (text) => process.stdout.write(text),
    now: () => performance.now(),
    sleep,
    random: Math.random,
    signal: new AbortController().signal,
    host: hostname(),
    user: userName(),
    root: process.cwd(),
  };
}

/** A container may run under a number that no name belongs to. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return process.getuid === undefined ? undefined : `uid ${process.getuid()}`;
  }
}
