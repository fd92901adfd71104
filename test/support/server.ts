import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryFolder } from "./memory-folder.ts";

/** A server that runs for the tests, and how to end it. */
export type Server = { readonly url: string; stop(): Promise<void> };

/** The user a server runs as: none given means this process's own. */
export type ServerUser = { readonly uid?: number; readonly gid?: number };

export type ServerCommand = {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly user: ServerUser;
  readonly stopSignal: NodeJS.Signals;
  /** Where the server writes its process id, when another program may start it anew. Default: none does. */
  readonly pidFile?: string;
  /** Throws as long as the server does not answer. */
  readonly probe: () => Promise<void>;
};

/** Database servers refuse to run as root, so for root this is an ordinary user. */
export function serverUser(...names: readonly string[]): ServerUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of [...names, "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name]).stdout.toString());
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("no ordinary user is here to run a database server as");
}

/** The name of that user, for programs that want it as a word. */
export function serverUserName({ uid }: ServerUser): string {
  if (uid === undefined) return userInfo().username;
  return spawnSync("id", ["-un", String(uid)])
    .stdout.toString()
    .trim();
}

/** Makes a new folder that belongs to the server's user. Default: where the test keeps its files. */
export function serverFolder(
  name: string,
  { uid, gid }: ServerUser,
  { inMemory = false }: { readonly inMemory?: boolean } = {},
): string {
  const parent = (inMemory ? memoryFolder() : undefined) ?? tmpdir();
  const folder = mkdtempSync(join(parent, `slipway-${name}-`));
  chmodSync(folder, 0o700);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** Writes a file that the server's user alone can read. */
export function writeServerFile(file: string, text: string, { uid, gid }: ServerUser): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Runs a program that prepares a server, to its end. */
export function runOnce(command: string, args: readonly string[], user: ServerUser): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    ...user,
    cwd: tmpdir(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command} failed\n${error ?? ""}${stdout}${stderr}`);
}

/** Starts a server that ends with this process, however that ends, and waits until it answers. */
export async function startServer(server: ServerCommand): Promise<() => Promise<void>> {
  const { command, args, folder, user, stopSignal, pidFile, probe } = server;
  const log = openSync(join(folder, "server.log"), "a");
  const guard = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "guard.mjs"),
      JSON.stringify({ command, args, folder, stopSignal, pidFile, ...user }),
    ],
    { detached: true, stdio: ["pipe", log, log] },
  );
  const closed = once(guard, "close");
  const stop = async () => {
    guard.stdin?.end();
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  closeSync(log);
  const failure = await waitForAnswer(probe, () => guard.exitCode !== null);
  if (failure === undefined) return stop;
  const text = readFileSync(join(folder, "server.log"), "utf8");
  await stop();
  throw new Error(`${command} did not start: ${failure}\n${text}`);
}

/** Gives nothing when the server answered, and else why it never will. */
async function waitForAnswer(
  probe: () => Promise<void>,
  ended: () => boolean,
): Promise<string | undefined> {
  let last: unknown;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    if (ended()) return "it ended";
    try {
      await probe();
      return undefined;
    } catch (error) {
      last = error;
    }
  }
  return String(last);
}
