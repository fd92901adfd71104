import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds a Node that is new enough: the project's own, or else the one that runs this.
 * @param {string} root the folder of the project
 * @returns {string | undefined}
 */
export function findNode(root) {
  const file = process.platform === "win32" ? "node.exe" : "node";
  const own = join(root, "node_modules", "node", "bin", file);
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18) ? process.execPath : undefined;
}
