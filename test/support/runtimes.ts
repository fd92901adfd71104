/** Programs that scripts/install-runtimes.mjs installs: other runtimes, and other runners of tests. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { tellMissing } from "./missing.ts";

const folder = resolve(import.meta.dirname, "../.tmp/runtimes/node_modules");

/**
 * The folder that its packages are in. When it is missing, says how to install it and gives nothing, so that the tests
 * skip; in CI, where it must be there, it throws.
 */
export function runtime(name: "bun" | "deno" | "jest"): string | undefined {
  if (existsSync(join(folder, ".bin", name))) return folder;
  tellMissing(`${name} is missing: node scripts/install-runtimes.mjs`);
  return undefined;
}
