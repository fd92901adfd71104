import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./project.mjs";

const dist = join(root, "dist");

/**
 * Compiles src to dist, and removes from dist what no longer has a source.
 * @returns {Promise<number>} the exit code of the compiler
 */
export async function compile() {
  const code = await run("tsc", ["-p", join(root, "tsconfig.build.json")]);
  if (code !== 0) return code;
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (isOrphan(file)) rmSync(join(dist, file));
    else if (file.endsWith(".d.ts")) nameCompiledFiles(join(dist, file));
  }
  const bin = join(dist, "cli", "bin.js");
  if (existsSync(bin)) chmodSync(bin, 0o755);
  return 0;
}

/** @param {string} file */
function isOrphan(file) {
  const source = file.replace(/\.(d\.ts|js|js\.map)$/, ".ts");
  return source !== file && !existsSync(join(root, "src", source));
}

/**
 * TypeScript rewrites "./x.ts" to "./x.js" in the code but not in the declarations.
 * @param {string} file
 */
function nameCompiledFiles(file) {
  const text = readFileSync(file, "utf8");
  const renamed = text.replace(/((?:from |import |import\()"\.[^"]*)\.ts"/g, '$1.js"');
  if (renamed !== text) writeFileSync(file, renamed);
}
