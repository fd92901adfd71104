/** Programs of the suite as one file each, which starts fast, because two hundred of them are to start at once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";

const cache = resolve(import.meta.dirname, "../../../node_modules/.cache");
const scripts = new Map<string, Promise<string>>();
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The path of the bundle of a file in this folder. */
export function bundleChild(entry: "child.ts" | "starter.ts"): Promise<string> {
  const script = scripts.get(entry) ?? bundle(entry);
  scripts.set(entry, script);
  return script;
}

async function bundle(entry: string): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "slipway-faults-"));
  folders.push(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "version": "0.0.0" }');
  const outfile = join(folder, "dist", "cli", entry.replace(/ts$/, "js"));
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22.18",
    packages: "external",
    tsconfigRaw: {},
    logLevel: "warning",
  });
  return outfile;
}
