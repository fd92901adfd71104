import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { findNode } from "./node-version.mjs";

/** The folder of the project. */
export const root = resolve(import.meta.dirname, "..");

/** Installs what package-lock.json names, unless it is there already. Without need, without network. */
export function install() {
  const reason = whyInstall();
  if (reason === undefined) return;
  console.error(`slipway: ${reason}, so this runs npm ci once`);
  const cache = npmCacheIsWritable() ? undefined : mkdtempSync(join(tmpdir(), "slipway-npm-"));
  const { status, error } = spawnSync(
    "npm",
    ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        PATH: pathOutsideProject(),
        ...(cache && { npm_config_cache: cache }),
      },
      shell: process.platform === "win32",
    },
  );
  if (cache) rmSync(cache, { recursive: true, force: true });
  if (status === 0) return;
  console.error(`slipway: npm ci failed${error ? ` (${error.message})` : ""}`);
  process.exit(status ?? 1);
}

/** @returns {string | undefined} */
function whyInstall() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (present === undefined) return "node_modules is missing";
  for (const [path, entry] of Object.entries(wanted ?? {})) {
    if (path === "" || !belongsHere(entry)) continue;
    const { version, integrity } = present[path] ?? {};
    if (version !== entry.version || integrity !== entry.integrity) {
      return "node_modules differs from package-lock.json";
    }
  }
  return findNode(root) ? undefined : "the project's own Node is missing";
}

/**
 * @typedef {{ version?: string, integrity?: string, os?: string[], cpu?: string[], libc?: string[], optional?: boolean }} Locked
 * @param {string} lockfile
 * @returns {Record<string, Locked> | undefined}
 */
function packagesOf(lockfile) {
  if (!existsSync(lockfile)) return undefined;
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}

/**
 * Whether npm surely puts this package on this kind of machine. What depends on the C library, or
 * on another optional package, is left to npm.
 * @param {Locked} entry
 */
function belongsHere({ os, cpu, libc, optional }) {
  if (!optional) return true;
  if (libc || !os || !cpu) return false;
  return os.includes(process.platform) && cpu.includes(process.arch);
}

function npmCacheIsWritable() {
  let folder = process.env.npm_config_cache ?? join(homedir(), ".npm");
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** `npm ci` deletes node_modules, so it must not run on the Node that lies in there. */
function pathOutsideProject() {
  const inside = join(root, "node_modules");
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.startsWith(inside))
    .join(delimiter);
}
