import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { install, root } from "./install.mjs";
import { findNode } from "./node-version.mjs";

export { root };

/** Installs the dependencies when needed and puts the project's own Node first in PATH. */
export function prepare() {
  install();
  const node = findNode(root);
  if (node === undefined) {
    console.error(
      `slipway needs Node 22.18 or newer; this is ${process.versions.node}, and npm did not ` +
        "install the project's own (allow its install scripts: npm ci --ignore-scripts=false)",
    );
    process.exit(1);
  }
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  process.env.PATH = path.join(delimiter);
}

/**
 * Runs a command with the project's Node and waits for its end.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 */
export function run(command, args) {
  const child = spawn(command, args, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // A terminal sends Ctrl+C to the child itself, and a second one would mean "at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`slipway: ${command} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(name, forward);
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
    });
  });
}

/**
 * Runs commands one after the other and ends this process with the first exit code that is not 0.
 * @param {(() => Promise<number>)[]} steps
 * @returns {Promise<never>}
 */
export async function runAll(...steps) {
  for (const step of steps) {
    const code = await step();
    if (code !== 0) process.exit(code);
  }
  process.exit(0);
}
