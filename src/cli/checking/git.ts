/** Runs git as a process: its output, or the reason why there is none. */
import { spawnSync } from "node:child_process";
import { DevelopmentError } from "../../core/model/development-error.ts";
import type { ReleaseError } from "../../core/model/errors.ts";

/** How git ended. */
export type GitAnswer = {
  readonly ok: boolean;
  readonly bytes: Buffer;
  /** The first line of its complaint. */
  readonly complaint: string;
};

export type GitOptions = {
  /** Where it runs. */
  readonly cwd: string;
  /** The commit or branch that the user gave, for messages. */
  readonly ref: string;
  /** The text that Git reads. Default: none. */
  readonly input?: string;
};

/**
 * Runs git once and waits for it. A hook or an alias of the user's has no part in the commands that are used here.
 *
 * @throws {ReleaseError} `base_unreadable` where git is not installed
 */
export function askGit(words: readonly string[], { cwd, ref, input }: GitOptions): GitAnswer {
  const ran = spawnSync("git", ["-c", "core.quotePath=false", ...words], {
    cwd,
    input: input ?? "",
    maxBuffer: 1024 * 1024 * 1024,
    env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
  });
  if (ran.error !== undefined) {
    const isMissing = "code" in ran.error && ran.error.code === "ENOENT";
    const reason = isMissing ? "git is not installed here" : ran.error.message;
    throw unreadable(
      ref,
      reason,
      "Install git, or name the migrations: slipway check 20210718153339",
    );
  }
  const [line = ""] = ran.stderr.toString("utf8").trim().split("\n");
  const complaint = line.replace(/^(?:fatal|error): /, "");
  return { ok: ran.status === 0, bytes: ran.stdout, complaint };
}

/** The same where it must answer. @throws {ReleaseError} `base_unreadable` with git's own words */
export function gitSays(words: readonly string[], options: GitOptions): Buffer {
  const { ok, bytes, complaint } = askGit(words, options);
  if (ok) return bytes;
  throw unreadable(options.ref, `git ${words[0]}: ${complaint}`, "Run that command by hand.");
}

/** Paths with a zero byte after each. */
export function pathsIn(bytes: Buffer): readonly string[] {
  return bytes.toString("utf8").split("\0").slice(0, -1);
}

/** Says why a base cannot be compared with. */
export function unreadable(ref: string, reason: string, hint: string): ReleaseError {
  return new DevelopmentError("base_unreadable", { ref, reason, hint });
}
