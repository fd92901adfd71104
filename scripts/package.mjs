// Packs the package as it would be published and checks the tarball: its exports and its types.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root, run } from "./project.mjs";

prepare();
const folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
const code = await check();
rmSync(folder, { recursive: true, force: true });
process.exit(code);

async function check() {
  process.chdir(root);
  const packed = await run("npm", ["pack", "--loglevel=error", "--pack-destination", folder]);
  if (packed !== 0) return packed;
  const tarball = join(folder, readdirSync(folder)[0] ?? "");
  const codes = [
    await run("publint", ["run", tarball, "--strict"]),
    await run("attw", [tarball, "--profile", "esm-only"]),
  ];
  return codes.find((code) => code !== 0) ?? 0;
}
