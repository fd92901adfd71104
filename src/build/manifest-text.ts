/** Turns the data that a program carries into the module that carries it. Pure: text out. */
import { carriedFile } from "../core/model/carried-file.ts";
import { type CarriedCode, type CarriedMigration, type CarriedRepo, lanes } from "./carried.ts";

export type ManifestOptions = {
  /**
   * From the path of a migration's module to its import: relative to the manifest, or as a bundler
   * wants it.
   */
  readonly specifier: (path: string) => string;
  /** Lines of comment at its head. Default: none. */
  readonly head?: readonly string[];
  /** Whether it says its type. Default: `false`, which is JavaScript. */
  readonly typed?: boolean;
};

/**
 * A module that exports `manifest`: for each repo its migrations, each with its identity and
 * checksum beside its code. Identity is the name of the file, so that no minifier can change it; a
 * module is imported when its migration runs, not before.
 */
export function manifestText(repos: readonly CarriedRepo[], options: ManifestOptions): string {
  const { head = [], typed = false, specifier } = options;
  const entries = repos.flatMap(({ name, ...repo }) => [
    `  ${JSON.stringify(name)}: {`,
    ...lanes.flatMap((one) => lane(one, repo[one], specifier)),
    "  },",
  ]);
  return [
    ...head.map((line) => `// ${line}`),
    ...(typed ? ['import type { Manifest } from "slipway";', ""] : []),
    "export const manifest = {",
    ...entries,
    typed ? "} satisfies Manifest;" : "};",
    "",
  ].join("\n");
}

/** The head of a manifest that lies among the sources. */
export const manifestHead = [
  "Written by slipway gen manifest from the migration folders. Do not edit: run it again after every change,",
  "and slipway gen manifest --check where changes are checked.",
];

type Specifier = ManifestOptions["specifier"];

function lane(
  name: string,
  migrations: readonly CarriedMigration[] | undefined,
  specifier: Specifier,
): readonly string[] {
  if (migrations === undefined) return [];
  if (migrations.length === 0) return [`    ${name}: [],`];
  return [`    ${name}: [`, ...migrations.flatMap((one) => entry(one, specifier)), "    ],"];
}

function entry(migration: CarriedMigration, specifier: Specifier): readonly string[] {
  const files = Object.entries(migration.files);
  return [
    "      {",
    ...Object.entries(carriedFile(migration.file)).map(
      ([field, value]) => `        ${field}: ${JSON.stringify(value)},`,
    ),
    `        checksum: ${text(migration.checksum)},`,
    `        load: ${load(migration.code, specifier)},`,
    ...(migration.verdict === undefined ? [] : [`        verdict: ${literal(migration.verdict)},`]),
    ...(migration.sentBack === undefined
      ? []
      : [`        sentBack: ${JSON.stringify(migration.sentBack)},`]),
    ...(files.length === 0 ? [] : [`        files: ${literal(Object.fromEntries(files))},`]),
    "      },",
  ];
}

function load(code: CarriedCode, specifier: Specifier): string {
  switch (code.kind) {
    case "large":
    case "module":
      return `() => import(${text(specifier(code.path))})`;
    case "sql":
      return text(code.text);
    case "pair": {
      const { up, down, transaction } = code;
      return literal({ up, down, transaction });
    }
  }
}

function text(value: string): string {
  return JSON.stringify(value);
}

function literal(value: { readonly [key: string]: unknown }): string {
  const keys = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{ ${keys.map(([key, one]) => `${text(key)}: ${JSON.stringify(one)}`).join(", ")} }`;
}
