import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declarations } from "./declarations.mjs";
import { mergeChunks } from "./merge-chunks.mjs";
import { root } from "./project.mjs";
import { takeBuiltins } from "./take-builtins.mjs";

const dist = join(root, "dist");

/**
 * Compiles src to dist: a bundle for each way into the package, which share their chunks, because a file for each
 * module is slow to load; and the declarations of each, bundled too. Removes from dist what was not made now.
 * @returns {Promise<number>} the exit code of the compiler
 */
export async function compile() {
  const types = await declarations();
  if (typeof types === "number") return types;
  const made = new Set([...(await bundle()), ...types]);
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (/\.(js|map|ts)$/.test(file) && !made.has(join(dist, file))) rmSync(join(dist, file));
  }
  return 0;
}

/** @returns {Promise<string[]>} the files that were made */
async function bundle() {
  const { build } = await import("esbuild");
  const { bin, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const built = [
    "by-signs",
    "door",
    "large-file",
    "lazy-manifest",
    "planned-lane",
    "prepare",
    "start",
    "start-sea",
  ].map((name) => `./dist/built/${name}.js`);
  const entries = [
    ...Object.values(exports).flatMap((entry) => entry.default ?? []),
    bin.slipway,
    // What slipway release puts into a release.
    ...built,
  ];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => entry.replace("./dist/", "src/").replace(/\.js$/, ".ts")),
    outdir: "dist",
    outbase: "src",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22.18",
    packages: "external",
    plugins: [takenAlong],
    tsconfigRaw: {},
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  });
  chmodSync(join(root, bin.slipway), 0o755);
  // Bundlers find ours above dist in this checkout only: what they make here is what they make of the package.
  writeFileSync(join(dist, "tsconfig.json"), "{}\n");
  cpSync(join(root, "node_modules/yaml/LICENSE"), join(dist, "chunks/yaml.LICENSE"));
  const files = await mergeChunks(metafile, root);
  for (const file of files.filter((one) => one.endsWith(".js"))) takeBuiltins(file);
  return files;
}

/**
 * yaml is needed by a few commands of the development only, so it lies in dist, in a chunk of its own, and is no
 * dependency. The form for browsers is made of modules, from which esbuild takes what is used.
 * @type {import("esbuild").Plugin}
 */
const takenAlong = {
  name: "taken along",
  setup({ onResolve }) {
    const path = join(root, "node_modules/yaml/browser/dist/index.js");
    onResolve({ filter: /^yaml$/ }, () => ({ path, sideEffects: false }));
  },
};
