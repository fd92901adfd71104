// node guard.mjs '{"command","args","folder","uid","gid","stopSignal"}'
// Runs one server and ends it, then removes its folder, when its own standard input closes. The
// system closes that also when the test run is killed, so no server and no folder outlives a run.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

const { command, args, folder, uid, gid, stopSignal } = JSON.parse(process.argv[2] ?? "{}");

const server = spawn(command, args, {
  cwd: folder,
  uid,
  gid,
  stdio: ["ignore", "inherit", "inherit"],
});
server.on("error", (error) => console.error(`${command} cannot be started: ${error.message}`));
server.on("close", () => {
  if (process.stdin.closed) rmSync(folder, { recursive: true, force: true });
  process.exit();
});

process.stdin.resume();
process.stdin.on("close", () => {
  server.kill(stopSignal);
  setTimeout(() => server.kill("SIGKILL"), 10_000);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
