// Installs Bun, Deno and Jest into test/.tmp, once, for the tests that run under them. 300 MB, so they are no dependencies.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "./project.mjs";

const dependencies = { bun: "1.4.5", deno: "2.9.6", jest: "30.5.2" };

prepare();
const folder = join(root, "test", ".tmp", "runtimes");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
process.chdir(folder);
process.exit(
  await run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]),
);
