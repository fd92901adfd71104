/** A git repository in a folder of a test's own. */
import { spawnSync } from "node:child_process";

/** Runs git there, without settings of whoever runs the test. Gives what it prints. */
export function git(folder: string, ...words: readonly string[]): string {
  const ran = spawnSync("git", words, {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "a",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "a",
      GIT_COMMITTER_EMAIL: "a@example.com",
    },
  });
  if (ran.status !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

/** Makes a repository of a folder, with all that is in it as the first commit of main. */
export function commitAll(folder: string): void {
  git(folder, "init", "--quiet", "--initial-branch", "main");
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", "first");
}
