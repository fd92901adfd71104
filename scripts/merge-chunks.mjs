import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

const contract = "src/adapter.ts";

/** @typedef {readonly string[] | { readonly each: readonly string[], readonly none: readonly string[] }} Roots */

/**
 * What a short command loads, in few files: Node takes a third of a millisecond for each. A group is all that its roots
 * import and no group before it has; with `each`, what each of them imports, and none of the others at any time. Its
 * pieces without a name of their own become one file; the others keep theirs, because `slipway release` knows them by it.
 * @type {{ readonly [group: string]: Roots }}
 */
const groups = {
  slipway: [
    "src/index.ts",
    "src/release/folder-source.ts",
    "src/release/migrate.ts",
    "src/release/status.ts",
    "src/release/status-facts.ts",
  ],
  "command-line": [
    "src/cli/bin.ts",
    "src/cli/development.ts",
    "src/cli/commands/migrate.ts",
    "src/cli/commands/status.ts",
  ],
  adapters: { each: [adapter("postgres"), adapter("mysql"), adapter("sqlite")], none: [] },
  servers: {
    each: [adapter("postgres"), adapter("mysql")],
    none: [adapter("better-sqlite3"), contract],
  },
  postgres: { each: [adapter("postgres"), adapter("pglite")], none: [adapter("mysql"), contract] },
  "postgres-server": {
    each: [adapter("postgres")],
    none: [adapter("mysql"), adapter("pglite"), contract],
  },
  mysql: { each: [adapter("mysql"), adapter("mariadb")], none: [adapter("sqlite"), contract] },
  sqlite: { each: [adapter("sqlite")], none: [adapter("mysql"), contract] },
};

/** @param {string} name */
function adapter(name) {
  return `src/adapters/${name}/index.ts`;
}

/** Groups that may hold pieces of the library too: who has one of Slipway's adapters, whichever, has both. */
const takesOfLibrary = ["slipway", "adapters"];

const startOf = ["src/built/start.ts", "src/built/start-sea.ts"];

/** @typedef {{ file: string, name: string }} Place where a name is now */

/**
 * @param {import("esbuild").Metafile} metafile of the bundles in `dist`
 * @param {string} root
 * @returns {Promise<string[]>} the files that are there now
 */
export async function mergeChunks({ outputs }, root) {
  const { build } = await import("esbuild");
  const imports = staticImports(outputs);
  /** @type {Map<string, Map<string, Place>>} */
  const moved = new Map();
  // The first file of a release is made of these, and of nothing else.
  const assigned = new Set(membersOf(startOf, { outputs, imports }));
  // Who imports the package is not to be given a command line with a piece that both have.
  const ofLibrary = new Set(membersOf(["src/index.ts"], { outputs, imports: allImports(outputs) }));
  const files = new Set(Object.keys(outputs));
  for (const [group, roots] of Object.entries(groups)) {
    const members = ofGroup(roots, { outputs, imports }).filter(
      (file) =>
        !assigned.has(file) &&
        /\/chunk-[0-9A-Z]{8}\.js$/.test(file) &&
        (takesOfLibrary.includes(group) || !ofLibrary.has(file)),
    );
    for (const file of members) assigned.add(file);
    if (members.length < 2) continue;
    const names = namesOf(members, outputs);
    const { metafile } = await build({
      absWorkingDir: root,
      stdin: { contents: textOf(names, root), resolveDir: root, sourcefile: `${group}.js` },
      outdir: "dist/chunks",
      entryNames: `${group}-[hash]`,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node22.18",
      treeShaking: false,
      plugins: [onlyOf(new Set(members), moved, root)],
      tsconfigRaw: {},
      sourcemap: true,
      metafile: true,
      logLevel: "warning",
    });
    for (const file of Object.keys(metafile.outputs)) files.add(file);
    const made = Object.keys(metafile.outputs).find((file) => file.endsWith(".js")) ?? "";
    for (const [file, own] of names) {
      moved.set(file, new Map([...own].map(([from, name]) => [from, { file: made, name }])));
    }
  }
  for (const file of moved.keys()) {
    for (const one of [file, `${file}.map`]) {
      rmSync(join(root, one));
      files.delete(one);
    }
  }
  for (const file of files) {
    if (file in outputs && file.endsWith(".js")) {
      const path = join(root, file);
      writeFileSync(path, renamed(readFileSync(path, "utf8"), { file, moved }));
    }
  }
  return [...files].map((file) => join(root, file));
}

/** @param {import("esbuild").Metafile["outputs"]} outputs */
function allImports(outputs) {
  return new Map(
    Object.entries(outputs).map(([file, made]) => [
      file,
      made.imports.filter(({ external }) => !external).map(({ path }) => path),
    ]),
  );
}

/** @param {import("esbuild").Metafile["outputs"]} outputs */
function staticImports(outputs) {
  return new Map(
    Object.entries(outputs).map(([file, made]) => [
      file,
      made.imports
        .filter(({ kind, external }) => kind === "import-statement" && !external)
        .map(({ path }) => path),
    ]),
  );
}

/** @typedef {{ outputs: import("esbuild").Metafile["outputs"], imports: Map<string, string[]> }} Graph */

/**
 * @param {Roots} roots
 * @param {Graph} graph
 */
function ofGroup(roots, graph) {
  if (!("each" in roots)) return membersOf(roots, graph);
  const [first = [], ...others] = roots.each.map((root) => membersOf([root], graph));
  const not = membersOf(roots.none, { ...graph, imports: allImports(graph.outputs) });
  return first.filter((file) => others.every((list) => list.includes(file)) && !not.includes(file));
}

/**
 * @param {readonly string[]} roots
 * @param {Graph} graph
 */
function membersOf(roots, { outputs, imports }) {
  /** @type {Set<string>} in the order in which they are run */
  const all = new Set();
  const follow = (/** @type {string} */ file) => {
    if (all.has(file)) return;
    for (const next of imports.get(file) ?? []) follow(next);
    all.add(file);
  };
  for (const [file, { entryPoint }] of Object.entries(outputs))
    if (entryPoint !== undefined && roots.includes(entryPoint)) follow(file);
  return [...all];
}

/**
 * What each piece exports, by names that no other piece of the group has.
 * @param {string[]} members
 * @param {import("esbuild").Metafile["outputs"]} outputs
 */
function namesOf(members, outputs) {
  const taken = new Set();
  return new Map(
    members.map((file) => [
      file,
      new Map(
        (outputs[file]?.exports ?? []).map((name) => {
          let free = name;
          for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
          taken.add(free);
          return [name, free];
        }),
      ),
    ]),
  );
}

/**
 * @param {Map<string, Map<string, string>>} names
 * @param {string} root
 */
function textOf(names, root) {
  return [...names]
    .map(([file, own]) => {
      const list = [...own].map(([from, to]) => `${from} as ${to}`).join(", ");
      return `export { ${list} } from ${JSON.stringify(join(root, file))};\n`;
    })
    .join("");
}

/**
 * @param {Set<string>} members
 * @param {Map<string, Map<string, Place>>} moved
 * @param {string} root
 * @returns {import("esbuild").Plugin}
 */
function onlyOf(members, moved, root) {
  return {
    name: "only of a group",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /./ }, ({ path, resolveDir, kind }) => {
        const file = relative(root, resolve(resolveDir, path)).split("\\").join("/");
        if (members.has(file) && kind !== "dynamic-import") return { path: join(root, file) };
        return { path, external: true };
      });
      onLoad({ filter: /./ }, ({ path }) => {
        const file = relative(root, path).split("\\").join("/");
        return { contents: renamed(readFileSync(path, "utf8"), { file, moved }) };
      });
    },
  };
}

/** As esbuild writes it when it does not minify. */
const statement = /^import \{\n((?: {2}[\w$]+(?: as [\w$]+)?,?\n)+)\} from "(\.[^"]+)";$/gm;
const bare = /^import "(\.[^"]+)";$/gm;

/**
 * The same text, line by line, with imports from where the names are now.
 * @param {string} text
 * @param {{ file: string, moved: Map<string, Map<string, Place>> }} of
 */
function renamed(text, { file, moved }) {
  const folder = dirname(file);
  const placesOf = (/** @type {string} */ path) => moved.get(join(folder, path));
  const pathTo = (/** @type {string} */ to) => {
    const path = relative(folder, to).split("\\").join("/");
    return path.startsWith(".") ? path : `./${path}`;
  };
  return text
    .replace(statement, (whole, /** @type {string} */ names, /** @type {string} */ path) => {
      const places = placesOf(path);
      const [first] = places?.values() ?? [];
      if (places === undefined || first === undefined) return whole;
      const lines = names.replace(/^ {2}([\w$]+)(?: as ([\w$]+))?/gm, (_, from, own = from) => {
        const place = places.get(from);
        if (place === undefined) throw new Error(`${basename(path)} has no ${from}`);
        return `  ${place.name} as ${own}`;
      });
      return `import {\n${lines}} from "${pathTo(first.file)}";`;
    })
    .replace(bare, (whole, /** @type {string} */ path) => {
      const [first] = placesOf(path)?.values() ?? [];
      return first === undefined ? whole : `import "${pathTo(first.file)}";`;
    });
}
