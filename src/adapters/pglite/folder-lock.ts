/**
 * One thread of one process at a time for a data folder: PGlite itself does not look whether another one has it open,
 * and two would destroy it.
 */
import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { threadId } from "node:worker_threads";
import { ConnectionFailed } from "../adapter.ts";

/**
 * Takes the folder for this thread, with a file beside it that holds the process id; gives what frees it.
 * The file of a process that has died, or of an earlier one with this process's own id, counts for nothing.
 *
 * @throws {ConnectionFailed} when another process of this machine has the folder, or another thread of this process
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${folder}.lock`;
  const own = `${path}.${process.pid}.${threadId}`;
  // Written whole before it gets its name, so that nobody reads half of it.
  await writeFile(own, String(process.pid));
  try {
    while (!(await succeeds(link(own, path), "EEXIST"))) await removeIfStale(path, folder);
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(path, { force: true });
}

async function removeIfStale(path: string, folder: string): Promise<void> {
  const pid = await read(path);
  if (pid === undefined) return;
  if (Number(pid) === process.pid) {
    if (await isOfThisProcess(path)) throw inUseHere(folder, path);
  } else if (isAlive(Number(pid))) throw inUse(folder, pid);
  const aside = `${path}.${process.pid}.${threadId}.stale`;
  if (!(await succeeds(rename(path, aside), "ENOENT"))) return;
  // Another process may have been faster, and this be its fresh file: then it gets it back.
  if ((await read(aside)) !== pid) await succeeds(link(aside, path), "EEXIST");
  await rm(aside, { force: true });
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** False when the work fails with the expected code. */
async function succeeds(work: Promise<void>, expected: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (codeOf(error) === expected) return false;
    throw error;
  }
}

/** In a container each process may have the same id: an earlier one wrote its file before this one began. */
async function isOfThisProcess(path: string): Promise<boolean> {
  const began = Date.now() - process.uptime() * 1000;
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && written.mtimeMs >= began;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function inUse(folder: string, pid: string): ConnectionFailed {
  return new ConnectionFailed(`the folder ${folder} is in use by process ${pid}`, {
    hint: `Stop process ${pid} or wait for it to end: PGlite is for one process at a time.`,
  });
}

function inUseHere(folder: string, path: string): ConnectionFailed {
  return new ConnectionFailed(`the folder ${folder} is in use by another thread of this process`, {
    hint: `Open it in one thread only. If that thread ended without closing it, delete ${path}.`,
  });
}
