/** The modules that the bundler gets beside the user's. Pure: text out. */
import { carriedFile } from "../core/model/carried-file.ts";
import type { LaneKey } from "../core/plan/planned-release.ts";
import type { AppModules } from "./app.ts";
import { type CarriedMigration, type CarriedRepo, lanes } from "./carried.ts";

/** The names of these modules during bundling. */
export const moduleNames = {
  /** The release with its migrations inside; elsewhere the user's file does this work. */
  release: "slipway:release",
  /** The migrations as far as they are known without their code. */
  listed: "slipway:listed",
  /** The same as data. */
  list: "slipway:list",
  /** The migrations with their code. */
  migrations: "slipway:migrations",
  /** The code of those that were compiled before, and have some. */
  code: "slipway:code",
  /** The compiled migrations, as data; and those for a given prefix. */
  plans: "slipway:plans",
  prefixed: "slipway:prefixed",
  /** The checksums of their texts, as data. */
  checksums: "slipway:checksums",
  /** The signs of other tools' histories, as data. */
  histories: "slipway:histories",
  /** The code of a command with nothing to do. Other commands run more. */
  short: "slipway:short",
  /** The code that other commands run beside it. */
  later: "slipway:later",
  /** The readers of schemas, for commands that compare them. */
  catalog: "slipway:catalog",
  /** How they are written down and loaded. */
  schema: "slipway:schema",
  /** The command line of the release. */
  main: "slipway:main",
} as const;

/**
 * The scripts that Slipway's modules become, by the module. Code that several of them share lies
 * beside them.
 */
export const scriptNames: { readonly [module: string]: string } = {
  [moduleNames.main]: "main",
  [moduleNames.migrations]: "migrations",
  [moduleNames.code]: "migrations",
  [moduleNames.short]: "short",
  [moduleNames.later]: "later",
  [moduleNames.catalog]: "catalog",
  [moduleNames.schema]: "schema",
};

/** The user's release file, with all that it exports, and its release with migrations and version inside. */
export function releaseModule(file: string, version: string | undefined): string {
  const path = JSON.stringify(file);
  const changes =
    version === undefined ? "{ manifest }" : `{ manifest, version: ${JSON.stringify(version)} }`;
  return `import * as original from ${path};
import { manifest } from "${moduleNames.listed}";
export * from ${path};
export const Release = (original.Release ?? original.default).using(${changes});
export default Release;
`;
}

/**
 * `list` is an expression that gives the list, `load` one that gives the module of the migrations, or a promise of it.
 */
export function listedModule(options: { readonly list: string; readonly load: string }): string {
  const { list, load } = options;
  return `import { lazyManifest } from "slipway:built/lazy-manifest";
export const manifest = lazyManifest(${list}, async () => (await ${load}).manifest);
`;
}

/** The same of migrations that were compiled before. */
export function plannedModule({ hasCode }: { readonly hasCode: boolean }): string {
  const { list, plans, prefixed, checksums, code } = moduleNames;
  return `import { plannedManifest } from "slipway:built/planned-lane";
export const manifest = plannedManifest(require("${list}"), {
  plans: () => require("${plans}"),
  checksums: () => require("${checksums}"),
  prefixed: () => require("${prefixed}"),
  modules: ${hasCode ? `async () => (await import("${code}")).modules` : "() => ({})"},
});
`;
}

/** The modules of migrations that were compiled before and have code, by repo, lane and id. */
export function codeModule(
  repos: readonly CarriedRepo[],
  { specifier, hasCode }: CodeOptions,
): string {
  const lane = (repo: string, name: LaneKey, all: CarriedLane) => {
    const entries = (all ?? []).flatMap(({ file, code }) =>
      "path" in code && hasCode(repo, name, file.id)
        ? [`${JSON.stringify(file.id)}: () => import(${JSON.stringify(specifier(code.path))})`]
        : [],
    );
    return `${name}: { ${entries.join(", ")} }`;
  };
  const lines = repos.map(({ name, ...repo }) => {
    const all = lanes.flatMap((one) =>
      /^tenant/.test(one) && repo[one] === undefined ? [] : [lane(name, one, repo[one])],
    );
    return `  ${JSON.stringify(name)}: { ${all.join(", ")} },`;
  });
  return ["export const modules = {", ...lines, "};", ""].join("\n");
}

type CarriedLane = readonly CarriedMigration[] | undefined;
type CodeOptions = {
  readonly specifier: (path: string) => string;
  readonly hasCode: (repo: string, lane: LaneKey, id: string) => boolean;
};

/** The names of the migrations, as JSON. Every start reads it, so nothing else is in it. */
export function listText(repos: readonly CarriedRepo[]): string {
  const lane = (migrations: readonly CarriedMigration[] | undefined) =>
    migrations?.map(({ file }) => carriedFile(file));
  const list = Object.fromEntries(
    repos.map(({ name, ...repo }) => [
      name,
      Object.fromEntries(lanes.map((one) => [one, lane(repo[one])])),
    ]),
  );
  return JSON.stringify(list);
}

export function mainModule(options: {
  readonly slipway: string;
  readonly app: AppModules | undefined;
}): string {
  const { slipway, app } = options;
  return `import { runBuilt } from "slipway:built/door";
import { Release } from "${moduleNames.release}";
const facts = ${JSON.stringify({ slipway, app })};
export const run = (root) => runBuilt({ ...facts, release: Release }, root);
`;
}
