/** Which tool a project migrates with, and where its migrations are: by its files, its configs, its packages. Pure. */
import { join, normalize } from "node:path/posix";
import { ReleaseError } from "../../core/model/errors.ts";
import {
  candidatesIn,
  type DatabaseKind,
  kindIn,
  type LikelyFolder,
  ofKind,
} from "./candidates.ts";
import { saidBy, type TextFiles } from "./said-by.ts";
import { type ProjectTool, projectTools } from "./tools.ts";

export type ProjectFiles = TextFiles & {
  /** Whether it has the package. */
  readonly has: (name: string) => boolean;
};

export type Choice = {
  readonly tool?: ProjectTool | undefined;
  readonly folder?: string | undefined;
};

export type ChoiceHints = {
  readonly from?: string | undefined;
  readonly folder?: string | undefined;
  /** The kind of its database, where that tool's configs, the packages or the environment tell. */
  readonly kindFor: (tool: ProjectTool | undefined) => DatabaseKind | undefined;
};

/**
 * A file of the tool itself counts most, then the package that migrates: Kysely and others are used
 * without that. The words in the files count more than either.
 *
 * @throws {ReleaseError} `usage_invalid` where none of them decides
 */
export function choose(project: ProjectFiles, asked: ChoiceHints): Choice {
  const { tool, folder } = placed(project, asked);
  const said = folder === undefined ? undefined : saidBy(project, folder);
  const other = projectTools.find((one) => one.tool === said?.tool);
  if (asked.from !== undefined || other === undefined) return { tool, folder };
  return tool === undefined || said?.isSure === true ? { tool: other, folder } : { tool, folder };
}

function placed(project: ProjectFiles, asked: ChoiceHints): Choice {
  const { from, folder: named } = asked;
  const known = projectTools.filter(({ tool }) => from === undefined || tool === from);
  const candidates = candidatesIn(project.paths);
  const there = known.flatMap((tool) => {
    const isSigned = project.paths.some((path) => tool.signs.test(path));
    const at = tool.packages.findIndex(project.has);
    if (from === undefined && !isSigned && at === -1) return [];
    const rank = isSigned ? 2 : at === 0 ? 1 : 0;
    return [{ tool, rank, folder: named ?? ownFolder(project, tool, { candidates, asked }) }];
  });
  const withFiles = there.filter(({ folder }) => folder !== undefined);
  const highest = Math.max(...withFiles.map(({ rank }) => rank));
  const best = withFiles.filter(({ rank }) => rank === highest);
  const [only, second] = best;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) return meant(project, best);

  const [tool] = there.toSorted((a, b) => b.rank - a.rank);
  const folder = named ?? onlyOne(candidates, asked.kindFor(tool?.tool));
  return { tool: tool?.tool, folder };
}

type Placed = { readonly tool: ProjectTool; readonly folder: string | undefined };

/** Several tools may look at one folder: the words in its files decide. */
function meant(project: ProjectFiles, best: readonly Placed[]): Choice {
  const said = best.flatMap((one) => {
    const own = saidBy(project, one.folder ?? "");
    return own?.tool === one.tool.tool ? [one] : [];
  });
  if (said.length === 1) return said[0]!;
  throw new ReleaseError("usage_invalid", {
    reason: `more than one tool may have migrations here: ${best.map((one) => `${one.tool.tool} (${one.folder})`).join(", ")}`,
    hint: `Say which one: slipway init --from ${best[0]!.tool.tool}`,
  });
}

type Around = { readonly candidates: readonly LikelyFolder[]; readonly asked: ChoiceHints };

/**
 * The tool's folder of migrations: from its config, or the usual one; else the only folder that
 * looks so.
 */
function ownFolder(
  project: ProjectFiles,
  tool: ProjectTool,
  { candidates, asked }: Around,
): string | undefined {
  const said = project.paths
    .filter((path) => tool.configs.test(path))
    .flatMap((path) => {
      const text = folderIn(project.read(path), tool);
      if (text === undefined) return [];
      const below = path.includes("/") ? path.replace(/\/[^/]*$/, "") : "";
      return [text, join(below, text)].map((one) => normalize(one).replace(/^\/|\/$/g, ""));
    })
    .map((one) => one.replace(/^dist\//, "src/"));
  const folder = [...said, ...tool.folders].find((one) => hasFiles(project, one));
  if (folder !== undefined) return innermost(folder, candidates, asked.kindFor(tool));
  const [first, ...more] = highest(candidates, asked.kindFor(tool));
  return more.length === 0 && first !== undefined && first.rank > 1 ? first.folder : undefined;
}

/** Side by side below one folder, for several kinds of databases, are several histories. */
function innermost(
  folder: string,
  candidates: readonly LikelyFolder[],
  kind: DatabaseKind | undefined,
): string {
  const below = candidates
    .map((one) => one.folder)
    .filter((one) => one.startsWith(`${folder}/`) && !one.slice(folder.length + 1).includes("/"));
  const own = ofKind(below, kind);
  const kinds = new Set(below.flatMap((one) => kindIn(one) ?? []));
  if (kinds.size < 2) return folder;
  if (own.length !== 1) refuseSeveral(below);
  return own[0]!;
}

function highest(
  candidates: readonly LikelyFolder[],
  kind: DatabaseKind | undefined,
): readonly LikelyFolder[] {
  const own = new Set(
    ofKind(
      candidates.map(({ folder }) => folder),
      kind,
    ),
  );
  const possible = candidates.filter(({ folder }) => own.has(folder));
  return possible.filter(({ rank }) => rank === possible[0]!.rank);
}

/** @throws {ReleaseError} `usage_invalid` where there are more */
function onlyOne(
  candidates: readonly LikelyFolder[],
  kind: DatabaseKind | undefined,
): string | undefined {
  const [first, ...more] = highest(candidates, kind);
  if (first === undefined || more.length === 0) return first?.folder;
  refuseSeveral([first, ...more].map(({ folder }) => folder));
}

function refuseSeveral(shown: readonly string[]): never {
  const rest = shown.length > 5 ? `, ${shown.length - 5} more` : "";
  throw new ReleaseError("usage_invalid", {
    reason: `more than one folder may have migrations: ${shown.slice(0, 5).join(", ")}${rest}`,
    hint: `Say which one: slipway init --migrations ${shown[0]}`,
  });
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

function hasFiles({ paths }: ProjectFiles, folder: string): boolean {
  return paths.some((path) => path.startsWith(`${folder}/`) && /\.(?:sql|[cm]?[jt]s)$/.test(path));
}
