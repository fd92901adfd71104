/** Tells the bundler where Slipway's modules are, and which modules of others stay out. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Plugin } from "../engine/discovery/esbuild.ts";
import { builtinImports } from "./builtin-imports.ts";
import { moduleNames, scriptNames } from "./entry-text.ts";
import type { Needs } from "./needs.ts";
import { isNotNeeded } from "./not-needed.ts";
import { standIn } from "./stand-ins.ts";
import { type LaterName, staticImports } from "./static-imports.ts";

export type PluginOptions = {
  /** The folder of this package. */
  readonly slipway: string;
  readonly releaseFile: string;
  /** Text by name: `slipway:main`. */
  readonly modules: { readonly [name: string]: string };
  /** A name of Slipway's that the bundler keeps, and its replacement. */
  readonly external?: { readonly [name: string]: string };
  /** The parts of Slipway that the release needs; the rest is left out. Default: all. */
  readonly needs?: Needs;
  /** `cjs` is the command line, `esm` the app. */
  readonly format: "cjs" | "esm";
  /** The modules of this package that a release imports only when it needs them. Default: none. */
  readonly laterName?: ((file: string) => LaterName) | undefined;
  /** The modules that replace SQL files beside the bundle, by the path of each. */
  readonly large: ReadonlyMap<string, string>;
  /** The folder in which Slipway's modules look for others. */
  readonly root: string;
};

/** Packages that others import where they are installed, and do not need. */
const optional = /^(?:pg-native|pg-cloudflare)$/;

/**
 * Packages that cannot be bundled, because they read further files. They lie beside the bundle.
 */
export const readFilesOfTheirOwn: readonly string[] = [
  "@electric-sql/pglite",
  "better-sqlite3",
  "libsql",
];

/**
 * Modules of pg of which the command line needs only a part. `by` matches the importing file and
 * its import.
 */
const shorter: {
  readonly [name: string]: { readonly path: RegExp; readonly by: RegExp; readonly text: string };
} = {
  "no-binary": {
    path: /^\.\/lib\/binaryParsers$/,
    by: /[\\/]pg-types[\\/]/,
    text: "module.exports = { init() {} };",
  },
  // Names of types by number, which nothing looks up.
  "no-names": { path: /^\.\/lib\/builtins$/, by: /[\\/]pg-types[\\/]/, text: "" },
  // The Web Crypto API takes longer to load than a password takes to check.
  "crypto-at-once": {
    path: /^\.\/(?:crypto\/)?utils$/,
    by: /[\\/]pg[\\/]lib[\\/](?:client\.js\0\.\/crypto|crypto[\\/]sasl\.js)/,
    text: `const { createHash, createHmac, pbkdf2Sync, randomBytes } = require("node:crypto");
const hash = (name, data) => createHash(name).update(data).digest();
const md5 = async (text) => hash("md5", text).toString("hex");
module.exports = {
  randomBytes,
  md5,
  postgresMd5PasswordHash: async (user, password, salt) =>
    "md5" + (await md5(Buffer.concat([Buffer.from(await md5(password + user)), salt]))),
  sha256: async (data) => hash("sha256", data),
  hashByName: async (name, data) => hash(name, data),
  hmacSha256: async (key, text) => createHmac("sha256", key).update(text).digest(),
  deriveKey: async (password, salt, iterations) =>
    pbkdf2Sync(password, salt, iterations, 32, "sha256"),
};
`,
  },
  // A password file is short: it is cut into lines as a whole.
  lines: {
    path: /^split2$/,
    by: /[\\/]pgpass[\\/]/,
    text: `const { Transform } = require("node:stream");
module.exports = () => {
  const chunks = [];
  return new Transform({
    readableObjectMode: true,
    transform(chunk, _, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      for (const line of String(Buffer.concat(chunks)).split(/\\r?\\n/)) if (line) this.push(line);
      done();
    },
  });
};
`,
  },
};

/** A file of this package that a bundler has given a hash. */
function chunkNamed(slipway: string, name: string): string {
  const folder = join(slipway, "dist/chunks");
  const isIt = new RegExp(`^${name}-[0-9A-Z]{8}\\.js$`);
  return join(folder, readdirSync(folder).find((file) => isIt.test(file)) ?? `${name}.js`);
}

export function modulesPlugin(given: PluginOptions): Plugin {
  const { slipway, releaseFile, modules, external = {}, root, format, needs, large } = given;
  const { laterName } = given;
  const options = { format, needs };
  const exports = packageExports(slipway);
  return {
    name: "slipway",
    setup(build) {
      build.onResolve({ filter: /^slipway:/ }, ({ path, kind }) => {
        const [, own] = /^slipway:built\/(.+)$/.exec(path) ?? [];
        if (own !== undefined) return { path: join(slipway, "dist/built", `${own}.js`) };
        const [, chunk] = /^slipway:chunk\/(.+)$/.exec(path) ?? [];
        if (chunk !== undefined) return { path: chunkNamed(slipway, chunk) };
        const [, file] = /^slipway:file\/(.+)$/.exec(path) ?? [];
        if (file !== undefined) {
          const isElsewhere = standIn(file, options) !== undefined;
          return isElsewhere ? { path: file, namespace: "stand-in" } : { path: file };
        }
        // A script that already exists when `require` wants it at once.
        const beside = kind === "require-call" ? scriptNames[path] : undefined;
        if (beside !== undefined) return { path: `./${beside}.cjs`, external: true };
        const name = external[path];
        return name === undefined ? { path, namespace: "slipway" } : { path: name, external: true };
      });
      build.onLoad({ filter: /./, namespace: "slipway" }, ({ path }) => ({
        contents: modules[path] ?? "",
        resolveDir: root,
      }));
      build.onResolve({ filter: /\.sql$/ }, ({ path, resolveDir }) =>
        large.has(resolve(resolveDir, path)) ? { path, namespace: "large-file" } : undefined,
      );
      build.onLoad({ filter: /./, namespace: "large-file" }, ({ path }) => ({
        contents: large.get(resolve(root, path)) ?? "",
        resolveDir: root,
      }));
      // One copy of this package, whatever version is installed beside the project.
      build.onResolve({ filter: /^slipway(?:\/[\w-]+)*$/ }, ({ path }) => {
        const file = exports[path.replace(/^slipway/, ".")];
        return file === undefined ? undefined : { path: join(slipway, file) };
      });
      build.onResolve({ filter: optional }, ({ path }) => ({ path, namespace: "left-out" }));
      build.onResolve({ filter: /^\.\.?\/.*\.[jt]s$/ }, ({ path, importer }) => {
        // A driver may lie in this package's folder and have modules of the same name.
        const ours = join(slipway, "dist") + sep;
        const isOurs = importer.startsWith(ours) && standIn(path, options) !== undefined;
        return isOurs ? { path, namespace: "stand-in" } : undefined;
      });
      build.onLoad({ filter: /./, namespace: "stand-in" }, ({ path }) => ({
        contents: standIn(path, options) ?? "",
      }));
      build.onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!path.startsWith(join(slipway, "dist") + sep)) return undefined;
        const text = builtinImports(readFileSync(path, "utf8"));
        const contents = format === "cjs" ? staticImports(text, laterName?.(path)) : text;
        return { contents, resolveDir: dirname(path) };
      });
      build.onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "" }));
      // Only channel binding asks for it, which the adapter cannot switch on.
      build.onResolve({ filter: /^\.\/cert-signatures$/ }, ({ path, resolveDir }) =>
        format === "cjs" && /[\\/]pg[\\/]lib[\\/]crypto$/.test(resolveDir)
          ? { path, namespace: "left-out" }
          : undefined,
      );
      // The command line asks for text. An app may have its own copy of pg, with all of it.
      if (format === "cjs") {
        for (const [name, { path: asked, by, text }] of Object.entries(shorter)) {
          build.onResolve({ filter: asked }, ({ path, importer }) =>
            by.test(`${importer}\0${path}`) ? { path: name, namespace: name } : undefined,
          );
          build.onLoad({ filter: /./, namespace: name }, () => ({ contents: text }));
        }
      }
      build.onResolve(
        { filter: /^[^./]/ },
        async ({ path, importer, pluginData, resolveDir, kind }) => {
          if (kind !== "require-call" || pluginData === asked || builtin.test(path))
            return undefined;
          if (!isNotNeeded(path, importer)) return undefined;
          const found = await build.resolve(path, {
            importer,
            resolveDir,
            kind,
            pluginData: asked,
          });
          // Left to Node, whose error tells the caller that it is missing.
          return found.errors.length > 0 ? { path, external: true } : found;
        },
      );
      build.onResolve({ filter: releaseName(releaseFile) }, async (found) => {
        if (found.namespace === "slipway" || found.pluginData === asked) return undefined;
        const { resolveDir, importer, kind } = found;
        const resolved = await build.resolve(found.path, {
          resolveDir,
          importer,
          kind,
          pluginData: asked,
        });
        if (resolved.path !== releaseFile) return undefined;
        return { path: moduleNames.release, namespace: "slipway" };
      });
    },
  };
}

const asked = Symbol("asked");
const builtin = new RegExp(`^(?:node:.*|${builtinModules.join("|")})$`);

/** The end of an import of the release file, with or without a file ending. */
function releaseName(file: string): RegExp {
  const name = basename(file).replace(/\.[cm]?[jt]s$/, "");
  return new RegExp(`(?:^|/)${name.replace(/[^\w]/g, "\\$&")}(?:\\.[cm]?[jt]s)?$`);
}

type Exports = { readonly [path: string]: string | undefined };

function packageExports(slipway: string): Exports {
  const { exports } = JSON.parse(readFileSync(join(slipway, "package.json"), "utf8"));
  return Object.fromEntries(
    Object.entries(exports).map(([path, target]) => [
      path,
      (target as { default?: string }).default,
    ]),
  );
}
