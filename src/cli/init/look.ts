/** Looks at a project: which tool it has, where its migrations and its database are. Opens no database. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { MigrationFile } from "../../core/model/migration.ts";
import { findMigrations } from "../../engine/discovery/folders.ts";
import type { FoundMigration } from "../../engine/discovery/read-tree.ts";
import type { AdapterName } from "../templates/release.ts";
import { type Address, addressOf, kindOf } from "./address.ts";
import { type DatabaseKind, kindIn } from "./candidates.ts";
import { choose } from "./choose.ts";
import type { TextFiles } from "./said-by.ts";
import { labelOf, type ProjectTool } from "./tools.ts";

/** The facts about a project. */
export type Looked = {
  readonly root: string;
  /** Default: it has no tool, and no migrations. */
  readonly tool?: ProjectTool | undefined;
  /** The version that npm has installed. */
  readonly version?: string | undefined;
  readonly folder?: string | undefined;
  /** Oldest first. */
  readonly files: readonly MigrationFile[];
  /** Whether some of them are code of the tool's. */
  readonly hasModules: boolean;
  readonly adapter: AdapterName;
  readonly address: Address;
  /**
   * The settings of Knex's config that change names or answers, which `release.ts` has to repeat.
   * Default: none.
   */
  readonly knexSettings?: { readonly file: string; readonly names: readonly string[] } | undefined;
  /** The package that npm has yet to install for the adapter. */
  readonly missingDriver?: string | undefined;
  /**
   * Packages that development needs and that are not installed: the parser of `check`, and the one
   * that runs TypeScript of a tool.
   */
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

/**
 * @throws {ReleaseError} `usage_invalid` where nothing decides, `layout_unknown`, `folder_missing`
 */
export async function look(root: string, wanted: Wanted): Promise<Looked> {
  const paths = pathsIn(root, "", 7);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read("package.json")) as Package;
  const packages = { ...devDependencies, ...dependencies };
  const variables = variablesOf(root);
  const addressFor = (tool: ProjectTool | undefined, folderKind?: DatabaseKind) => {
    const configs = tool === undefined ? [] : paths.filter((path) => tool.configs.test(path));
    return addressOf({
      config: configs.map((path) => ({ path, text: read(path) })),
      packages: Object.keys(packages),
      names: [...Object.keys(process.env), ...Object.keys(variables)],
      setTo: (name) => process.env[name] ?? variables[name],
      adapter: wanted.adapter,
      folderKind,
    });
  };
  const { tool, folder } = choose(
    { paths, read, has: (name) => Object.hasOwn(packages, name) },
    {
      ...wanted,
      kindFor: (one) => {
        const known = addressFor(one);
        return known.isGuess ? undefined : kindOf(known.adapter);
      },
    },
  );
  // They are listed as its own, and not run.
  const modules = tool?.compat && {
    tool: labelOf(tool.tool),
    ...(tool.tool === "typeorm" || tool.tool === "ley" ? { readsBelow: true as const } : {}),
    definition: () => undefined,
  };
  const { found } =
    folder === undefined
      ? { found: [] }
      : await findMigrations(folder, { repo: "main", root, modules, layout: tool?.layout });
  const { adapter, address, driver } = addressFor(
    tool,
    folder === undefined ? undefined : kindIn(folder),
  );
  const own = tool?.packages.find((name) => Object.hasOwn(packages, name));
  return {
    root,
    tool,
    version: own === undefined ? undefined : installed(root, own, packages[own]),
    folder,
    files: found.map(({ file }) => file),
    knexSettings: tool?.tool === "knex" ? knexSettingsIn({ paths, read }, tool) : undefined,
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

function knexSettingsIn({ paths, read }: TextFiles, { configs }: ProjectTool) {
  const file = paths.find((path) => configs.test(path));
  if (file === undefined) return undefined;
  const said = read(file).match(/\b(?:wrapIdentifier|postProcessResponse|searchPath)(?=\s*[:,(])/g);
  return said === null ? undefined : { file, names: [...new Set(said)] };
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

/**
 * The files that a tool's generator wrote import its types as values, and Node alone refuses that.
 */
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
