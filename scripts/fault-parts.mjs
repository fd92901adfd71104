import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.mjs";

/**
 * A part of `npm run faults`: what vitest is told, and in which environment besides `SLIPWAY_FAULTS=full`.
 * @typedef {{ readonly name: string, readonly args: readonly string[], readonly env?: NodeJS.ProcessEnv }} Part
 */

/**
 * Every part, in the order in which they run. Each file of test/faults is one by itself; a file or a group of tests
 * from elsewhere that has a full form is a line here.
 * @type {readonly Part[]}
 */
export const parts = [
  ...filesOf("test/faults"),
  {
    name: "conformance through PgBouncer",
    args: ["test/conformance", "test/release", "-t", "on postgres"],
    env: { SLIPWAY_TEST_POOLED: "1" },
  },
  {
    name: "conformance as a migrator with the documented rights",
    args: ["test/conformance", "-t", "on postgres"],
    env: { SLIPWAY_TEST_LEAST_RIGHTS: "1" },
  },
];

/**
 * @param {string} folder
 * @returns {Part[]}
 */
function filesOf(folder) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.ts"));
  return files.map((file) => ({ name: file, args: [`${folder}/${file}`] }));
}
