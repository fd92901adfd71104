/** The modules of this package that a release reads when it runs more than a short command. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Metafile } from "../engine/discovery/esbuild.ts";
import { moduleNames } from "./entry-text.ts";
import {
  type LaterImport,
  type LaterName,
  type LaterPlace,
  laterImports,
} from "./static-imports.ts";

/**
 * Places of modules. Alone lie those that a command with nothing to do imports; with the readers of
 * schemas, those that keep and compare them; with the writer of schemas, two commands. All others
 * lie with the code that runs migrations.
 */
const beside: { readonly [name: string]: string } = {
  "folder-source": moduleNames.short,
  migrate: moduleNames.short,
  status: moduleNames.short,
  "status-facts": moduleNames.short,
  "keep-schema": moduleNames.catalog,
  "verify-drift": moduleNames.catalog,
  "verify-schema": moduleNames.catalog,
  dump: moduleNames.schema,
  "dump-schema": moduleNames.schema,
  load: moduleNames.schema,
  "load-schema": moduleNames.schema,
};

/** The modules that give all that is imported later, and where each is. */
export type LaterModules = {
  readonly texts: { readonly [module: string]: string };
  readonly laterName: (file: string) => LaterName;
};

export type LaterInput = {
  /** Those of this package that a bundle has in all. */
  readonly files: readonly string[];
  /** That bundle. */
  readonly text: string;
  /** Whether it replaces another module: it may lack exports that no release asks for. */
  readonly isStandIn: (path: string) => boolean;
};

export function laterModules({ files, text: all, isStandIn }: LaterInput): LaterModules {
  // The bundler adds a number to a name that exists twice.
  const words = new Set(all.match(/[\w$]+/g)?.flatMap((word) => [word, word.replace(/\d+$/, "")]));
  const places = new Map<string, LaterPlace>();
  const texts = new Map<string, string>();
  for (const file of files.toSorted()) {
    for (const wanted of laterImports(readFileSync(file, "utf8"))) {
      const own = nameOf(wanted.path);
      if (places.has(keyOf(file, wanted))) continue;
      const path = resolve(dirname(file), wanted.path);
      const isSure = !isStandIn(path);
      // Nothing calls the function that imports it.
      if (isSure && wanted.name !== undefined && !words.has(wanted.name)) continue;
      const module = beside[own] ?? moduleNames.later;
      const place = { module, name: `_${places.size.toString(36)}` };
      places.set(keyOf(file, wanted), place);
      const text = given(place.name, { path, wanted: wanted.name, isSure });
      texts.set(module, (texts.get(module) ?? "") + text);
    }
  }
  return {
    texts: Object.fromEntries(texts),
    laterName: (file) => (wanted) => places.get(keyOf(file, wanted)) ?? nowhere,
  };
}

/** A place for uncalled imports: an import at the head would bring the module in. */
const nowhere: LaterPlace = { module: moduleNames.later, name: "_" };

function given(
  name: string,
  from: { readonly path: string; readonly wanted: string | undefined; readonly isSure: boolean },
): string {
  const path = JSON.stringify(`slipway:file/${from.path}`);
  if (from.wanted === undefined) return `export * as ${name} from ${path};\n`;
  return from.isSure
    ? `export { ${from.wanted} as ${name} } from ${path};\n`
    : `import * as of${name} from ${path};\nexport const ${name} = of${name}.${from.wanted};\n`;
}

/** A file of this package, without the hash that a compiler may have given it. */
function nameOf(path: string): string {
  return basename(path).replace(/(?:-[0-9A-Z]{8})?\.js$/, "");
}

function keyOf(file: string, { path, name = "" }: LaterImport): string {
  return `${join(dirname(file), path)} ${name}`;
}

/** Files of the compiled package that are parts of a bundle. */
export function filesOfPackage(
  { inputs }: Metafile,
  { root, slipway }: { readonly root: string; readonly slipway: string },
): readonly string[] {
  const dist = join(slipway, "dist") + sep;
  return Object.keys(inputs)
    .map((input) => resolve(root, input))
    .filter((file) => file.startsWith(dist));
}
