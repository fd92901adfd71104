/** The packages of a monorepo, from the settings of npm, Yarn, Bun and pnpm. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folders of a workspace whose root this is, sorted; none where it is no such root. */
export function workspaceFolders(root: string): readonly string[] {
  const patterns = [...ofPackageJson(root), ...ofPnpm(root)];
  return [...new Set(patterns.flatMap((pattern) => foldersOf(root, pattern)))].toSorted();
}

/** https://docs.npmjs.com/cli/using-npm/workspaces */
function ofPackageJson(root: string): readonly string[] {
  const file = join(root, "package.json");
  if (!existsSync(file)) return [];
  const { workspaces = [] } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly workspaces?: readonly string[] | { readonly packages?: readonly string[] };
  };
  return "packages" in workspaces ? (workspaces.packages ?? []) : (workspaces as readonly string[]);
}

/** https://pnpm.io/pnpm-workspace_yaml */
function ofPnpm(root: string): readonly string[] {
  const file = join(root, "pnpm-workspace.yaml");
  if (!existsSync(file)) return [];
  const [, list = ""] =
    /^packages:\n((?:[ \t]*(?:-.*|#.*)?\n?)*)/m.exec(readFileSync(file, "utf8")) ?? [];
  return [...list.matchAll(/^\s*-\s*["']?([^"'#\s]+)/gm)].map(([, pattern = ""]) => pattern);
}

/** `packages/*`, `packages/**` or `tools/db`. */
function foldersOf(root: string, pattern: string): readonly string[] {
  const [, above, star] = /^(?:\.\/)?([^*!]+?)\/?(\*{1,2})?$/.exec(pattern) ?? [];
  if (above === undefined) return [];
  const folder = join(root, above);
  if (star === undefined) return existsSync(folder) ? [folder] : [];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name));
}
