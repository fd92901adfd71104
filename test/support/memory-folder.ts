import { accessSync, constants, readFileSync, statfsSync } from "node:fs";

/**
 * Linux's folder in memory, where a database is made in a fourth of the time: when it is there, has room for the data of
 * several servers and projects, and takes programs: a server's may be copied beside its data, and releases are built.
 */
export function memoryFolder(): string | undefined {
  const folder = "/dev/shm";
  try {
    const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
    const options = mounts
      .find((line) => line.split(" ")[1] === folder)
      ?.split(" ")[3]
      ?.split(",");
    if (options === undefined || options.includes("noexec") || options.includes("ro"))
      return undefined;
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 4 * 1024 ** 3 ? folder : undefined;
  } catch {
    return undefined;
  }
}
