/** The code that V8 makes of a bundle, so that a release need not make it at every start. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Tells one `main.cjs` from another, in the name of its cache. */
export function mainIdOf(bundle: string | Uint8Array): string {
  return createHash("sha256").update(bundle).digest("hex").slice(0, 12);
}

/** Flags under which the code is whole, not only what ran, and the same at every build. */
const flags = ["--no-lazy", "--hash-seed=1"];

/** V8 takes the code of another process only when both had the same flags; the code itself depends on none of these. */
const flagsInHead = { from: 12, to: 16 };

/**
 * Gives the code of `script`, a file that is read in the same way as `lib/start.cjs` does. `undefined` where this Node
 * makes none that it would take: a release works without.
 */
export function codeCache(bundle: Uint8Array, node: string): Uint8Array | undefined {
  const folder = mkdtempSync(join(tmpdir(), "slipway-code-"));
  try {
    const paths = ["bundle.cjs", "whole", "plain"].map((name) => join(folder, name));
    const [source = "", whole = "", plain = ""] = paths;
    writeFileSync(source, bundle);
    const made =
      make(node, { flags, source, target: whole }) &&
      make(node, { flags: [], source, target: plain });
    if (!made) return undefined;
    const code = readFileSync(whole);
    readFileSync(plain).copy(code, flagsInHead.from, flagsInHead.from, flagsInHead.to);
    writeFileSync(whole, code);
    return isTaken(node, { source, cache: whole }) ? code : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function make(
  node: string,
  { flags, source, target }: { flags: readonly string[]; source: string; target: string },
): boolean {
  const code = `require("node:fs").writeFileSync(process.argv[2], ${scriptOf}.createCachedData())`;
  return ran(node, [...flags, "-e", code, source, target]);
}

function isTaken(node: string, { source, cache }: { source: string; cache: string }): boolean {
  const code = `process.exit(${scriptOf}.cachedDataRejected === false ? 0 : 1)`;
  return ran(node, ["-e", code, source, cache]);
}

/** As `lib/start.cjs` makes it: the text must be of the same length. */
const scriptOf = `(() => {
  const { existsSync, readFileSync } = require("node:fs");
  const { Script } = require("node:vm");
  const [, source, cache] = process.argv;
  const bundle = readFileSync(source);
  const body = bundle.toString(require("node:buffer").isAscii(bundle) ? "latin1" : "utf8");
  const text = "(function(exports,require,module,__filename,__dirname){" + body + "\\n})";
  return new Script(text, existsSync(cache) ? { cachedData: readFileSync(cache) } : {});
})()`;

function ran(node: string, args: readonly string[]): boolean {
  return spawnSync(node, args, { env: {}, stdio: "ignore" }).status === 0;
}
