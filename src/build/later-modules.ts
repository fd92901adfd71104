/** What of this package a release reads when it runs more than a short command. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { moduleNames } from "./entry-text.ts";
import {
  type LaterImport,
  type LaterName,
  type LaterPlace,
  laterImports,
} from "./static-imports.ts";

/** Modules that a command with nothing to do imports on its way: they are read at the start. */
const short: readonly string[] = ["folder-source", "migrate", "status", "status-facts"];

/** Modules that lie with what reads schemas, because they keep and compare them, or with what writes them down. */
const beside: { readonly [name: string]: string } = {
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

/**
 * `files` are those of this package that a bundle has in all. What stands in for another may have less than is asked
 * of it, where nobody comes.
 */
export function laterModules(
  files: readonly string[],
  isStandIn: (path: string) => boolean,
): LaterModules {
  const places = new Map<string, LaterPlace>();
  const texts = new Map<string, string>();
  for (const file of files.toSorted()) {
    for (const wanted of laterImports(readFileSync(file, "utf8"))) {
      const own = nameOf(wanted.path);
      if (short.includes(own) || places.has(keyOf(file, wanted))) continue;
      const module = beside[own] ?? moduleNames.later;
      const place = { module, name: `_${places.size.toString(36)}` };
      places.set(keyOf(file, wanted), place);
      const path = resolve(dirname(file), wanted.path);
      const text = given(place.name, { path, wanted: wanted.name, isSure: !isStandIn(path) });
      texts.set(module, (texts.get(module) ?? "") + text);
    }
  }
  return {
    texts: Object.fromEntries(texts),
    laterName: (file) => (wanted) => places.get(keyOf(file, wanted)),
  };
}

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

/** Files of the compiled package among what a bundle was made of. */
export function filesOfPackage(
  inputs: readonly string[],
  { root, slipway }: { readonly root: string; readonly slipway: string },
): readonly string[] {
  const dist = join(slipway, "dist") + sep;
  return inputs.map((input) => resolve(root, input)).filter((file) => file.startsWith(dist));
}
