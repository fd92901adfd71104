/** A migration may record something else where it runs, if its modules look at the world. */
import { readFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Bundler, Plugin } from "../engine/discovery/esbuild.ts";

/** Names in a module that do not mean the same everywhere. */
const world =
  /\b(process|globalThis|global|Date|Temporal|performance|crypto|fetch|navigator|Deno|Bun|require|eval|Function|Intl|Math\s*\.\s*random|toLocale\w+)\b|\b(import)\s*[.(]/;

/** The prefix of the run, read by the migration. As an option of a call it is followed by a colon. */
const ownPrefix = /\.\s*(prefix)\b|[{,]\s*(prefix)\s*[,}]|\[\s*["'`](prefix)["'`]\s*\]/;

/** The same under another name, taken out of it by a declaration, by an assignment or in the head of a function. */
const renamedPrefix = [
  /\b(?:const|let|var)\s*\{[^;]*?\b(prefix)["']?\s*:\s*[\w$]/,
  /[{,]\s*["']?(prefix)["']?\s*:\s*[\w$.]+[^{}]*\}\s*=(?![=>])/,
  /[{,]\s*["']?(prefix)["']?\s*:\s*[\w$]+[^()]*\)\s*(?::[^={;()]*)?(?:=>|\{)/,
];

/**
 * A comment on lines without code. A comment-like text in a template may end with the template, or
 * compute something.
 */
const comment =
  /(?<!\\\r?\n)^[ \t]*(?:\/\/(?:(?!`|\$\{).)*|\/\*(?:(?!`|\$\{|\*\/)[\s\S])*\*\/[ \t]*)$/gm;

/** Names the first thing in the text of a module that may differ elsewhere. */
export function variesBy(text: string): string | undefined {
  const code = text.replace(comment, "");
  return [world, ownPrefix, ...renamedPrefix]
    .map((one) => one.exec(code)?.slice(1).find(Boolean))
    .find(Boolean);
}

/** Finds it in modules and in all that they import. Packages other than Slipway do not count. */
export async function readVarying(
  paths: readonly string[],
  { bundler, root }: { readonly bundler: Bundler; readonly root: string },
): Promise<(path: string) => string | undefined> {
  if (paths.length === 0) return () => undefined;
  const { metafile } = await bundler.build({
    absWorkingDir: root,
    entryPoints: [...paths],
    outdir: root,
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    plugins: [slipwayStaysOut],
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  const own = new Map<string, string | undefined>();
  const ofText = (file: string) => {
    if (!own.has(file)) own.set(file, variesBy(readFileSync(resolve(root, file), "utf8")));
    return own.get(file);
  };
  const find = (file: string, seen: Set<string>): string | undefined => {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const { imports = [] } = metafile.inputs[file] ?? {};
    const other = imports.find(({ path, external }) => external && !isSlipway(path));
    if (other !== undefined) return other.path;
    const inside = imports.filter(({ external }) => !external);
    return ofText(file) ?? inside.map(({ path }) => find(path, seen)).find(Boolean);
  };
  return (path) => find(relative(root, path).split(sep).join("/"), new Set());
}

/** Also where the paths of a tsconfig lead into its sources. */
const slipwayStaysOut: Plugin = {
  name: "slipway stays out",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^slipway(?:\/|$)/ }, ({ path }) => ({ path, external: true })),
};

function isSlipway(path: string): boolean {
  return path === "slipway" || path.startsWith("slipway/");
}
