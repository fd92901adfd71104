/** Looks at a project: which tool it has, where its migrations and its database are. Opens no database. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, normalize } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import { findMigrations } from "../../engine/discovery/folders.ts";
import type { FoundMigration } from "../../engine/discovery/read-tree.ts";
import type { AdapterName } from "../templates/release.ts";
import { type Address, addressOf } from "./address.ts";
import { labelOf, markersOf, namesOf, type ProjectTool, projectTools } from "./tools.ts";

/** What a project shows. */
export type Looked = {
  readonly root: string;
  /** Default: it has no tool, and no migrations. */
  readonly tool?: ProjectTool | undefined;
  /** What npm has installed of it. */
  readonly version?: string | undefined;
  readonly folder?: string | undefined;
  /** Oldest first. */
  readonly files: readonly MigrationFile[];
  /** Whether some of them are code of the tool's. */
  readonly hasModules: boolean;
  readonly adapter: AdapterName;
  readonly address: Address;
  /** What npm has yet to install for the adapter. */
  readonly missingDriver?: string | undefined;
  /** What development needs beside it and is not installed: the parser of `check`, and what runs TypeScript of a tool. */
  readonly missingTools: readonly string[];
};

export type Wanted = {
  readonly from?: string | undefined;
  readonly folder?: string | undefined;
  readonly adapter?: AdapterName | undefined;
};

type Package = {
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
};

/** @throws {ReleaseError} `usage_invalid` where it cannot be told, `layout_unknown`, `folder_missing` */
export async function look(root: string, wanted: Wanted): Promise<Looked> {
  const paths = pathsIn(root, "", 7);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read("package.json")) as Package;
  const packages = { ...devDependencies, ...dependencies };
  const { tool, folder } = chosen(
    { paths, read, has: (name) => Object.hasOwn(packages, name) },
    wanted,
  );
  // They are listed as its own, and not run.
  const modules = tool?.compat && { tool: tool.tool, definition: () => undefined };
  const { found } =
    folder === undefined
      ? { found: [] }
      : await findMigrations(folder, { repo: "main", root, modules });
  const configs = tool === undefined ? [] : paths.filter((path) => tool.configs.test(path));
  const variables = variablesOf(root);
  const { adapter, address, driver } = addressOf({
    config: configs.map((path) => ({ path, text: read(path) })),
    packages: Object.keys(packages),
    names: [...Object.keys(process.env), ...Object.keys(variables)],
    setTo: (name) => process.env[name] ?? variables[name],
    adapter: wanted.adapter,
  });
  const own = tool?.packages.find((name) => Object.hasOwn(packages, name));
  return {
    root,
    tool,
    version: own === undefined ? undefined : installed(root, own, packages[own]),
    folder,
    files: found.map(({ file }) => file),
    hasModules: found.some(({ files }) => files.kind === "module"),
    adapter,
    address,
    missingTools: [
      ...(isTypeScript(found) && tool?.compat !== undefined ? ["esbuild"] : []),
      ...(adapter !== undefined && ofPostgres.has(adapter) ? ["libpg-query"] : []),
    ].filter((name) => !isInstalled(root, name)),
    missingDriver: driver === undefined || Object.hasOwn(packages, driver) ? undefined : driver,
  };
}

type Project = {
  readonly paths: readonly string[];
  readonly read: (path: string) => string;
  readonly has: (name: string) => boolean;
};

type Choice = { readonly tool?: ProjectTool | undefined; readonly folder?: string | undefined };

/** A file of the tool's own counts most, then the package that migrates: Kysely and others are used without that. */
function chosen(project: Project, { from, folder: named }: Wanted): Choice {
  const known = projectTools.filter(({ tool }) => from === undefined || tool === from);
  const placed = known.flatMap((tool) => {
    const isSigned = project.paths.some((path) => tool.signs.test(path));
    const at = tool.packages.findIndex(project.has);
    if (from === undefined && !isSigned && at === -1) return [];
    const rank = isSigned ? 2 : at === 0 ? 1 : 0;
    return [{ tool, folder: named ?? folderOf(project, tool), rank }];
  });
  const withFiles = placed.filter(({ folder }) => folder !== undefined);
  const highest = Math.max(...withFiles.map(({ rank }) => rank));
  const best = withFiles.filter(({ rank }) => rank === highest);
  const folders = new Set(best.map(({ folder }) => folder));
  const [only, second] = best;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) {
    // Several tools may look at one folder: what its files say decides.
    const [folder = ""] = folders;
    const said = folders.size === 1 ? saidBy(project, folder) : undefined;
    const meant = best.find(({ tool }) => tool.tool === said);
    if (meant !== undefined) return meant;
    throw new ReleaseError("usage_invalid", {
      reason: `more than one tool may have migrations here: ${best.map((one) => `${one.tool.tool} (${one.folder})`).join(", ")}`,
      hint: `Say which one: slipway init --from ${only.tool.tool}`,
    });
  }
  const folder = named ?? usual.find((one) => hasFiles(project, one));
  const said = folder === undefined ? undefined : saidBy(project, folder);
  const tool = projectTools.find((one) => one.tool === (from ?? said));
  return { tool: tool ?? placed[0]?.tool, folder };
}

const usual = [
  "db/main/migrations",
  "migrations",
  "db/migrations",
  "src/migrations",
  "sql/migrations",
];

function folderOf(project: Project, tool: ProjectTool): string | undefined {
  const said = project.paths
    .filter((path) => tool.configs.test(path))
    .flatMap((path) => {
      const text = folderIn(project.read(path), tool);
      if (text === undefined) return [];
      const below = path.includes("/") ? path.replace(/\/[^/]*$/, "") : "";
      return [text, join(below, text)].map((one) => normalize(one).replace(/^\/|\/$/g, ""));
    })
    .map((one) => one.replace(/^dist\//, "src/"));
  return [...said, ...tool.folders, ...elsewhereIn(project)].find((one) => hasFiles(project, one));
}

/** The one folder called `migrations` that has files with versions, however deep it lies; none where there are more. */
function elsewhereIn({ paths }: Project): readonly string[] {
  const found = paths.flatMap(
    (path) => /^(.*\/migrations?)\/\d[^/]*\.(?:sql|[cm]?[jt]s)$/.exec(path)?.[1] ?? [],
  );
  const folders = [...new Set(found)];
  return folders.length === 1 ? folders : [];
}

/** As it is written, also in parts: `path.resolve("server", "migrations")`. */
function folderIn(config: string, { folderIn: at }: ProjectTool): string | undefined {
  const found = at?.exec(config);
  if (found?.[1] === undefined) return undefined;
  const behind = config.slice(found.index + found[0].length);
  const [more = ""] = /^(?:\s*,\s*["'`][^"'`]+["'`])*\s*\)/.exec(behind) ?? [];
  return [found[1], ...[...more.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, part]) => part)].join(
    "/",
  );
}

function hasFiles({ paths }: Project, folder: string): boolean {
  return paths.some((path) => path.startsWith(`${folder}/`) && /\.(?:sql|[cm]?[jt]s)$/.test(path));
}

/** Whose files they are, by their markers and names. */
function saidBy({ paths, read }: Project, folder: string): string | undefined {
  const inside = paths.filter((path) => path.startsWith(`${folder}/`));
  const texts = inside
    .filter((path) => path.endsWith(".sql"))
    .slice(0, 5)
    .map(read);
  const [marked] = markersOf.find(([, marker]) => texts.some((text) => marker.test(text))) ?? [];
  const [named] = namesOf.find(([, name]) => inside.some((path) => name.test(path))) ?? [];
  return marked ?? named;
}

function installed(root: string, name: string, range: string | undefined): string | undefined {
  const file = join(root, "node_modules", name, "package.json");
  if (existsSync(file))
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  return /\d[\w.-]*/.exec(range ?? "")?.[0];
}

/** By name, as the files of the environment set them; the first that does counts. */
function variablesOf(root: string): { readonly [name: string]: string } {
  const found = [".env", ".env.local", ".env.example", "prisma/.env"].flatMap((file) =>
    existsSync(join(root, file))
      ? [
          ...readFileSync(join(root, file), "utf8").matchAll(
            /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/gm,
          ),
        ]
      : [],
  );
  return Object.fromEntries(
    found.toReversed().map(([, name = "", value = ""]) => [name, unquoted(value.trim())]),
  );
}

function unquoted(value: string): string {
  return /^(["'])(.*?)\1/.exec(value)?.[2] ?? value.replace(/\s+#.*$/, "");
}

const passedOver = /^(?:node_modules|dist|build|coverage|target|vendor|\.git|\.next)$/;

/** Files below a folder, as paths relative to it. */
function pathsIn(root: string, below: string, depth: number): readonly string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((one) => {
    const path = below === "" ? one.name : `${below}/${one.name}`;
    if (one.isFile()) return [path];
    if (!one.isDirectory() || passedOver.test(one.name)) return [];
    return depth === 0 ? [] : pathsIn(root, path, depth - 1);
  });
}

/** `Drizzle 0.45.4`. */
export function shownTool({ tool, version }: Looked): string | undefined {
  return tool && [labelOf(tool.tool), version].filter(Boolean).join(" ");
}

const ofPostgres: ReadonlySet<string> = new Set(["postgres", "postgres-js", "neon", "pglite"]);

/** Types of a tool's are imported as values by what its generator wrote, and Node alone refuses that. */
function isTypeScript(found: readonly FoundMigration[]): boolean {
  return found.some(({ files }) => files.kind === "module" && /\.[cm]?tsx?$/.test(files.path));
}

/** As Node finds it: in a monorepo it may lie above. */
function isInstalled(root: string, name: string): boolean {
  try {
    createRequire(join(root, "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}
