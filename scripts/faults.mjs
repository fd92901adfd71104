// npm run faults: the faults suite in its full form, part by part, and the conformance suite once through PgBouncer.
// Goes on after a part that fails, and ends with how many figures are as promised and a fingerprint of those that must
// be the same each time. SLIPWAY_FAULTS_OUT=FILE keeps every figure there, as a line of JSON.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "./compile.mjs";
import { prepare, root, run } from "./project.mjs";

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
 * The given files, or all of them and the pooled conformance suite.
 * @param {string[]} files
 * @returns {{ name: string, args: string[], env?: { [name: string]: string } }[]}
 */
function partsOf(files) {
  if (files.length > 0) return files.map((file) => ({ name: file, args: [file] }));
  const all = readdirSync(join(root, "test/faults")).filter((file) => file.endsWith(".test.ts"));
  const pooled = ["test/conformance", "test/release", "-t", "on postgres"];
  return [
    ...all.map((file) => ({ name: file, args: [`test/faults/${file}`] })),
    { name: "conformance through PgBouncer", args: pooled, env: { SLIPWAY_TEST_POOLED: "1" } },
    {
      name: "conformance as a migrator with the documented rights",
      args: ["test/conformance", "-t", "on postgres"],
      env: { SLIPWAY_TEST_POOLED: "", SLIPWAY_TEST_LEAST_RIGHTS: "1" },
    },
  ];
}

/** @param {ReturnType<typeof partsOf>} parts */
async function runParts(parts) {
  const failed = [];
  for (const [index, { name, args, env = {} }] of parts.entries()) {
    console.log(`\n== ${index + 1} of ${parts.length}, after ${minutes()}: ${name}`);
    Object.assign(process.env, env);
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
  const exact = promised.filter(({ target }) => !target.startsWith("≤"));
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
