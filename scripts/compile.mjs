import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./project.mjs";

const dist = join(root, "dist");

/**
 * Compiles src to dist: a bundle for each way into the package, which share their chunks, because a file for each
 * module is slow to load; and a declaration for each module. Removes from dist what was not made now.
 * @returns {Promise<number>} the exit code of the compiler
 */
export async function compile() {
  const code = await run("tsc", ["-p", join(root, "tsconfig.build.json")]);
  if (code !== 0) return code;
  const made = new Set([...(await bundle()), ...declarations()]);
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
  return Object.keys(metafile.outputs).map((file) => join(root, file));
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

/** TypeScript rewrites "./x.ts" to "./x.js" in code but not in declarations. */
function declarations() {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const made = sources
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => join(dist, file.replace(/\.ts$/, ".d.ts")));
  for (const file of made) {
    const text = readFileSync(file, "utf8");
    const renamed = text.replace(/((?:from |import |import\()"\.[^"]*)\.ts"/g, '$1.js"');
    if (renamed !== text) writeFileSync(file, renamed);
  }
  return made;
}
