// node guard.mjs '{"command","args","folder","uid","gid","stopSignal","pidFile"}'
// Runs one server and ends it, then removes its folder, when its own standard input closes. The
// system closes that also when the test run is killed, so no server and no folder outlives a run.
// With a pidFile, a server that was started in its place is ended as well.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { command, args, folder, uid, gid, stopSignal, pidFile } = JSON.parse(
  process.argv[2] ?? "{}",
);

const server = spawn(command, args, {
  cwd: folder,
  uid,
  gid,
  stdio: ["ignore", "inherit", "inherit"],
});
let running = server.pid;
let stopping = false;
server.on("error", (error) => console.error(`${command} cannot be started: ${error.message}`));
server.on("close", async () => {
  running = stopping || pidFile === undefined ? undefined : await successor();
  if (stopping) stop();
  else if (running === undefined) process.exit();
});

process.stdin.resume();
process.stdin.on("close", () => {
  stopping = true;
  stop();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

async function stop() {
  const deadline = Date.now() + 10_000;
  signalTo(running, stopSignal);
  while (signalTo(running, 0)) {
    if (Date.now() > deadline) signalTo(running, "SIGKILL");
    await sleep(20);
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

/** The server that another program started in the place of ours; it may take a moment. */
async function successor() {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(20)) {
    const pid = Number(read(pidFile).split("\n")[0]);
    if (pid > 0 && pid !== server.pid && signalTo(pid, 0)) return pid;
  }
  return undefined;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * Whether there is such a process.
 * @param {number | undefined} pid
 * @param {NodeJS.Signals | 0} signal
 */
function signalTo(pid, signal) {
  try {
    return pid !== undefined && process.kill(pid, signal);
  } catch {
    return false;
  }
}
