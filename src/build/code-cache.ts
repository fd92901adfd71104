/** The code that V8 makes of a release's scripts, so that a release need not make it at every start. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeId } from "../built/cache-name.ts";
import type { ReleaseFile } from "./release-file.ts";
import { naming } from "./whole-file.ts";

/** Tells one text of a file from another, by the name of the file. */
export type CodeIds = { readonly [file: string]: string };

/** Ids for the scripts of the command line, and for the files that they read. */
export function codeIds(files: readonly ReleaseFile[]): CodeIds {
  const read = files.flatMap(({ path, contents }) => {
    const [, name] = /^lib\/((?!start\.)[\w-]+\.(?:cjs|json))$/.exec(path) ?? [];
    return name === undefined ? [] : [[name, codeId(contents)] as const];
  });
  return Object.fromEntries(read);
}

/**
 * Flags that compile all of the code, not only the parts that ran, and give the same result at
 * every build.
 */
const flags = ["--no-lazy", "--hash-seed=1"];

/** V8 takes the code of another process only when both had the same flags; the code itself depends on none of these. */
const flagsInHead = { from: 12, to: 16 };

/**
 * Gives the code of each script, which is read in the same way as `lib/start.cjs` does. `undefined` where this Node
 * makes none that it would take: a release works without.
 */
export function codeCaches(
  scripts: readonly Uint8Array[],
  node: string,
): readonly Uint8Array[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), "slipway-code-"));
  try {
    const paths = scripts.map((_, index) => join(folder, String(index)));
    for (const [index, path] of paths.entries())
      naming({ path }, () => writeFileSync(path, scripts[index] ?? ""));
    const made = ran(node, [...flags, "-e", make, ...paths]) && ran(node, ["-e", adapt, ...paths]);
    return made ? paths.map((path) => readFileSync(`${path}.cache`)) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As `lib/start.cjs` makes it: the text must be of the same length. */
const scriptOf = `
  const { existsSync, readFileSync, writeFileSync } = require("node:fs");
  const { Script } = require("node:vm");
  const scriptOf = (path, cachedData) => {
    const bundle = readFileSync(path);
    const body = bundle.toString(require("node:buffer").isAscii(bundle) ? "latin1" : "utf8");
    const text = "(function(exports,require,module,__filename,__dirname){" + body + "\\n})";
    return new Script(text, cachedData === undefined ? {} : { cachedData });
  };
  const paths = process.argv.slice(1);
`;

const make = `${scriptOf}
  for (const path of paths) writeFileSync(path + ".cache", scriptOf(path).createCachedData());
`;

/** Puts the flags of a process without any into the head, and sees whether V8 takes it then. */
const adapt = `${scriptOf}
  const plain = new Script("0").createCachedData();
  for (const path of paths) {
    const code = readFileSync(path + ".cache");
    plain.copy(code, ${flagsInHead.from}, ${flagsInHead.from}, ${flagsInHead.to});
    writeFileSync(path + ".cache", code);
    if (scriptOf(path, code).cachedDataRejected !== false) process.exit(1);
  }
`;

function ran(node: string, args: readonly string[]): boolean {
  return spawnSync(node, args, { env: {}, stdio: "ignore" }).status === 0;
}
