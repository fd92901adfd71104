/** The floors, each bundled into one file. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

export async function bundleFloors(outdir: string): Promise<void> {
  const folder = join(import.meta.dirname, "floors");
  await build({
    entryPoints: readdirSync(folder).map((file) => join(folder, file)),
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${process.versions.node}`,
    external: ["pg-native"],
    // Else esbuild would take Slipway itself from the sources.
    tsconfigRaw: {},
    logLevel: "error",
  });
}
