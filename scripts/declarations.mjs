import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, run } from "./project.mjs";

// Not below node_modules: what lies there is nobody's to bundle.
const cache = join(root, "test/.tmp/declarations");
const compiled = join(cache, "compiled");
const bundled = join(cache, "bundled");

/**
 * Writes the declarations of each way into the package to dist, with what they share in `dist/types`: an editor then
 * reads 30 files in place of a thousand. Does the work again only when one of the thousand has changed.
 * @returns {Promise<string[] | number>} the files that were made, or the exit code of the compiler
 */
export async function declarations() {
  rmSync(compiled, { recursive: true, force: true });
  const options = ["-p", join(root, "tsconfig.build.json"), "--outDir", compiled];
  const code = await run("tsc", options);
  if (code !== 0) return code;
  const key = withoutEndings();
  const stamp = join(bundled, "key");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== key) {
    rmSync(bundled, { recursive: true, force: true });
    await bundle(`${bundled}.part`);
    writeFileSync(join(`${bundled}.part`, "key"), key);
    renameSync(`${bundled}.part`, bundled);
  }
  const files = readdirSync(bundled, { recursive: true, encoding: "utf8" });
  const made = files.filter((file) => file.endsWith(".d.ts"));
  const dist = join(root, "dist");
  for (const file of made) {
    mkdirSync(join(dist, file, ".."), { recursive: true });
    cpSync(join(bundled, file), join(dist, file));
  }
  return made.map((file) => join(dist, file));
}

/**
 * TypeScript rewrites "./x.ts" to "./x.js" in code but not in declarations.
 * @returns {string} a hash of all of them, and of the ways into the package
 */
function withoutEndings() {
  const hash = createHash("sha256").update(JSON.stringify(ways()));
  for (const file of readdirSync(compiled, { recursive: true, encoding: "utf8" }).toSorted()) {
    if (!file.endsWith(".d.ts")) continue;
    const path = join(compiled, file);
    const text = readFileSync(path, "utf8");
    const renamed = text.replace(/((?:from |import |import\()"\.[^"]*)\.ts"/g, '$1.js"');
    if (renamed !== text) writeFileSync(path, renamed);
    hash.update(`${file}\n${renamed}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} folder */
async function bundle(folder) {
  const [{ rollup }, { dts }] = await Promise.all([import("rollup"), import("rollup-plugin-dts")]);
  rmSync(folder, { recursive: true, force: true });
  const bundle = await rollup({
    input: ways(),
    plugins: [dts()],
    external: (id) => !/^[./]/.test(id) && !id.includes(compiled),
    // That types of several ways refer to each other harms nobody: they are gone when code runs.
    onwarn: () => undefined,
  });
  await bundle.write({
    dir: folder,
    format: "es",
    entryFileNames: "[name].d.ts",
    chunkFileNames: "types/[name]-[hash].d.ts",
  });
  await bundle.close();
}

/** @returns {{ [name: string]: string }} the declarations of each way into the package, by their place in dist */
function ways() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = Object.values(exports).flatMap((entry) => entry.types ?? []);
  return Object.fromEntries(
    types.map((path) => [
      path.replace("./dist/", "").replace(/\.d\.ts$/, ""),
      join(compiled, path.replace("./dist/", "")),
    ]),
  );
}
