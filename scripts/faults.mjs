// npm run faults: the suites that have a full form, part by part (scripts/fault-parts.mjs).
// Goes on after a part that fails, and ends with how many figures are as promised and a fingerprint of those that must
// be the same each time. SLIPWAY_FAULTS_OUT=FILE keeps every figure there, as a line of JSON.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "./compile.mjs";
import { parts } from "./fault-parts.mjs";
import { prepare, run } from "./project.mjs";

prepare();
process.env.SLIPWAY_FAULTS = "full";
const folder = mkdtempSync(join(tmpdir(), "slipway-faults-"));
const out = process.env.SLIPWAY_FAULTS_OUT ?? join(folder, "figures.jsonl");
process.env.SLIPWAY_FAULTS_OUT = out;
const before = linesOf(out).length;
const began = Date.now();

const code = await compile();
if (code !== 0) process.exit(code);
const failed = await runParts(partsOf(process.argv.slice(2)));
tellResult(linesOf(out).slice(before), failed);
rmSync(folder, { recursive: true });
process.exit(failed.length === 0 ? 0 : 1);

/**
 * The named parts, or files of tests; all parts when none is named.
 * @param {string[]} names
 * @returns {readonly import("./fault-parts.mjs").Part[]}
 */
function partsOf(names) {
  if (names.length === 0) return parts;
  return names.map((name) => parts.find((part) => part.name === name) ?? { name, args: [name] });
}

/** @param {readonly import("./fault-parts.mjs").Part[]} chosen */
async function runParts(chosen) {
  const failed = [];
  const own = { ...process.env };
  for (const [index, { name, args, env }] of chosen.entries()) {
    console.log(`\n== ${index + 1} of ${chosen.length}, after ${minutes()}: ${name}`);
    process.env = { ...own, ...env };
    if ((await run("vitest", ["run", ...args])) !== 0) failed.push(name);
  }
  return failed;
}

/**
 * @param {string[]} lines
 * @param {string[]} failed
 */
function tellResult(lines, failed) {
  const figures = lines.map((line) => JSON.parse(line));
  const promised = figures.filter(({ target }) => target !== "");
  const wrong = promised.filter(({ ok }) => !ok);
  const exact = promised.filter(({ target }) => !/^[≤≥]/.test(target));
  const words = exact.map(({ part, name, figure }) => `${part}: ${name}: ${figure}`).toSorted();
  const fingerprint = createHash("sha256").update(words.join("\n")).digest("hex").slice(0, 16);
  console.log(`\n${promised.length} figures with a promise in ${minutes()}, ${wrong.length} wrong`);
  for (const { part, name, figure, target } of wrong)
    console.log(`  wrong: ${part}: ${name}: ${figure}, promised ${target}`);
  for (const name of failed) console.log(`  failed: ${name}`);
  console.log(`fingerprint of the ${exact.length} that are the same each time: ${fingerprint}`);
}

/** @param {string} file */
function linesOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").filter(Boolean) : [];
}

function minutes() {
  return `${((Date.now() - began) / 60_000).toFixed(1)} min`;
}
