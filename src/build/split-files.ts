/**
 * Turns the bundler's pieces of a command line into the scripts of a release. esbuild splits only
 * modules into files with shared parts, and Node loads a script sooner than a module.
 */
import { basename, join, relative, sep } from "node:path";
import type { BuildOptions, Bundler, Metafile, OutputFile } from "../engine/discovery/esbuild.ts";
import { moduleNames, scriptNames } from "./entry-text.ts";
import { fileUrl } from "./file-url.ts";

type Output = Pick<OutputFile, "path" | "contents" | "text">;

export type Split = {
  readonly files: readonly OutputFile[];
  readonly metafile: Metafile;
  /** The folder that the bundler wrote to. */
  readonly root: string;
  /** How each is written. */
  readonly options: BuildOptions;
};

/**
 * Each script has a name for its purpose, whatever its content. Source maps are expected inside.
 */
export async function splitFiles(bundler: Bundler, split: Split): Promise<readonly Output[]> {
  const { files, root, options } = split;
  const names = namesIn(split.metafile.outputs);
  const texts = new Map(files.map(({ path, text }) => [slashes(relative(root, path)), text]));
  const made = [...names].map(async ([file, name]) => {
    const { target, charset } = options;
    const source = renamed(texts.get(file) ?? "", names);
    const { code, map } = await bundler.transform(source, {
      // Only the user's modules and the libraries of the release use it: no module of Slipway asks
      // where it lies.
      ...(source.includes(fileUrl.name) ? { banner: fileUrl.text } : {}),
      ...(target === undefined ? {} : { target }),
      ...(charset === undefined ? {} : { charset }),
      format: "cjs",
      platform: "node",
      minify: true,
      sourcemap: "external",
      sourcesContent: false,
      sourcefile: file,
    });
    const text = `${code}//# sourceMappingURL=${name}.map\n`;
    return [output(join(root, name), text), output(join(root, `${name}.map`), map)];
  });
  return (await Promise.all(made)).flat();
}

/** With the names of the scripts, and in the same length, so that the source map is right. */
function renamed(text: string, names: ReadonlyMap<string, string>): string {
  let changed = text;
  for (const [file, name] of names) {
    const [from, to] = [`"./${basename(file)}"`, `"./${name}"`];
    changed = changed
      .replaceAll(`import(${from})`, (call) => `require.later(${to})`.padEnd(call.length))
      .replaceAll(from, (path) => to.padEnd(path.length));
  }
  return changed;
}

/**
 * The name of each script, by the bundler's name for it: `base` holds the shared code that every
 * command needs.
 */
function namesIn(outputs: Metafile["outputs"]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (file: string, name: string) => {
    const taken = [...names.values()];
    for (let i = 1; ; i++) {
      const free = `${i === 1 ? name : `${name}-${i}`}.cjs`;
      if (!taken.includes(free)) return names.set(file, free);
    }
  };
  const follow = (file: string, name: string) => {
    const made = outputs[file];
    if (made === undefined || names.has(file)) return;
    const own = scriptNames[made.entryPoint?.replace(/^slipway:(?=slipway:)/, "") ?? ""];
    add(file, own ?? (made.entryPoint === undefined ? name : "part"));
    for (const { path, kind } of made.imports) if (kind === "import-statement") follow(path, name);
  };
  const named = (module: string) =>
    Object.keys(outputs).find((file) => outputs[file]?.entryPoint?.endsWith(module)) ?? "";
  for (const module of [moduleNames.main, moduleNames.short]) follow(named(module), "base");
  for (const file of Object.keys(outputs)) follow(file, "shared");
  return names;
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}

function output(path: string, text: string): Output {
  return { path, text, contents: Buffer.from(text) };
}
