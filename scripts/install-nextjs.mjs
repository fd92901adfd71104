// Installs Next.js for its example into test/.tmp, once. 340 MB: more than all other packages that the tests need, so it is no dependency.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "./project.mjs";

prepare();
const folder = join(root, "test", ".tmp", "nextjs");
const example = JSON.parse(readFileSync(join(root, "examples", "nextjs", "package.json"), "utf8"));
const { slipway, ...dependencies } = example.dependencies;
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), JSON.stringify({ ...example, dependencies }));
process.chdir(folder);
process.exit(
  await run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]),
);
