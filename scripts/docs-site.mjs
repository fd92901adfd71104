// Builds docs/ as a site into _site/. VitePress is 80 MB, so it is installed into test/.tmp/site, once, and is no dependency.
// npm run docs:site -- --serve shows the site on http://localhost:4173.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "./project.mjs";

const folder = join(root, "test", ".tmp", "site");
const manifest = join(folder, "package.json");
const wanted = readFileSync(join(root, "site", "packages.json"), "utf8");

prepare();
if (process.argv.includes("--install")) process.exit(await install());
process.exit((await install()) || (await build()) || (await serve()));

async function install() {
  const installed = join(folder, "node_modules", "vitepress");
  if (existsSync(installed) && readFileSync(manifest, "utf8") === wanted) return 0;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  const flags = ["--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  return run("npm", ["install", "--prefix", folder, ...flags]);
}

async function build() {
  const code = await run(process.execPath, [join(root, "site", "build.ts"), root, folder]);
  if (code !== 0) return code;
  process.env.npm_config_offline = "true";
  const built = await vitepress("build");
  if (built !== 0) return built;
  rmSync(join(root, "_site"), { recursive: true, force: true });
  cpSync(join(folder, "out"), join(root, "_site"), { recursive: true });
  console.log("The site is in _site/. To look at it: npm run docs:site -- --serve");
  return 0;
}

/** @param {string} command */
function vitepress(command) {
  const program = join(folder, "node_modules", "vitepress", "bin", "vitepress.js");
  return run("node", [program, command, folder]);
}

async function serve() {
  return process.argv.includes("--serve") ? vitepress("preview") : 0;
}
