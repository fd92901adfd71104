/** An error of the operating system: its name, such as `ENOSPC`, and its words. */
export type SystemFailure = { readonly system: string; readonly reason: string };

/** The failure of a call of the operating system; `undefined` for any other thrown value. */
export function systemFailure(error: unknown): SystemFailure | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const system = String(error.code);
  // Node writes: "EACCES: permission denied, open '/srv/app/release.ts'".
  const [, words = error.message] = /^[A-Z0-9]+: (.+?), \w+/.exec(error.message) ?? [];
  return { system, reason: words };
}

/** The next thing to do after such a failure. */
export function systemHint(system: string): string {
  switch (system) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return "Make room for it, then run the command again. The files are as they were.";
    case "EACCES":
    case "EPERM":
      return "Give this user the right to it, or run the command as a user who has it.";
    case "EROFS":
      return "Run the command where the disk may be written.";
    case "EISDIR":
      return "A folder stands there: name a file, or move the folder away.";
    case "EEXIST":
      return "Something stands there already: look at it, and move it away if you do not need it.";
    case "ENOTDIR":
      return "A file stands where a folder should be, or the other way round: move it away.";
    case "ENOENT":
      return "Look whether it is there, and whether a link leads nowhere. Then run the command again.";
    case "ELOOP":
      return "Links lead in a circle there: remove one of them.";
    case "ENAMETOOLONG":
      return "Give it a shorter name.";
    case "EMFILE":
    case "ENFILE":
      return "Allow more open files, for example with: ulimit -n 4096";
    default:
      return "Look at the file and its disk, then run the command again.";
  }
}
