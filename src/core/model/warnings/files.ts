/**
 * Warnings for developers: how Slipway read the names in a folder, and what it builds and writes
 * from them.
 */
import type { WarningWords } from "./entry.ts";

/** Why a file that looks like a migration is none. */
export type IgnoredBecause = "version_missing" | "way_up_missing" | "ending_unknown";

/** An arrangement of files that is not the plain one. */
export type ReadAs =
  | { readonly layout: "flyway" | "db-migrate" | "graphile-migrate" }
  /** A tool that reads one folder, and none below it. */
  | { readonly layout: "one-folder"; readonly tool: string; readonly left: readonly string[] }
  | { readonly layout: "down-folders"; readonly folders: readonly string[] }
  | { readonly layout: "release-folders"; readonly first: string }
  | {
      readonly layout: "drizzle";
      /** Whether the journal's order is another one than that of the versions. */
      readonly isReordered: boolean;
      /** Files that the journal does not name, and that do not run. */
      readonly left: readonly string[];
    };

export type FileWarnings = {
  file_ignored: { readonly path: string; readonly because: IgnoredBecause };
  folder_read_as: { readonly folder: string } & ReadAs;
  /** The bundler's message about the sources, with the place. */
  bundler_warned: { readonly said: string };
  image_may_change: { readonly image: string };
  /** Migrations whose way back is code of which the history will not know what it sends. */
  way_back_unknown: {
    readonly repo: string;
    readonly tool: string;
    readonly migrations: readonly { readonly id: string; readonly reason: string }[];
  };
};

export const fileWarnings: WarningWords<FileWarnings> = {
  file_ignored: (d) => `${d.path} is not run as a migration: ${ignoredWords(d)}`,
  folder_read_as: (d) => `${d.folder}: read as ${readAsWords(d)}`,
  bundler_warned: (d) => d.said,
  way_back_unknown: (d) => {
    const shown = d.migrations.slice(0, 3).map(({ id, reason }) => `${id} (${reason})`);
    const more = d.migrations.length - shown.length;
    const names = `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    return `a release without their files cannot roll these migrations of ${d.tool} back, in repo ${d.repo}: ${names}`;
  },
  image_may_change: (d) =>
    `${d.image} may be another image tomorrow; a tag or digest of this release is not`,
};

function ignoredWords({ path, because }: FileWarnings["file_ignored"]): string {
  switch (because) {
    case "version_missing":
      return "its name does not start with a version";
    case "way_up_missing":
      return "it goes down from no file";
    case "ending_unknown":
      return `it ends in ${/\.[^.]*$/.exec(path)?.[0]}, not in .ts, .mts, .js, .mjs, .cjs or .sql`;
  }
}

function readAsWords(read: ReadAs): string {
  switch (read.layout) {
    case "flyway":
      return "Flyway's: in the order of versions such as 1, 1.2, 1.2.3, 2";
    case "db-migrate":
      return "db-migrate's: the SQL in sqls/ runs, the modules that read it do not";
    case "graphile-migrate":
      return "graphile-migrate's: what lies in committed/ runs, current.sql does not";
    case "one-folder":
      return `${read.tool}'s, which reads one folder: what lies in ${read.left.join(", ")} does not run`;
    case "down-folders":
      return `pairs: what lies in ${read.folders.join(", ")} goes down`;
    case "release-folders":
      return `folders of releases, in the order of their versions: ${read.first} is the first`;
    case "drizzle": {
      const order = read.isReordered ? ["the order is that of meta/_journal.json"] : [];
      const left = read.left.map((path) => `${path} is not in meta/_journal.json and does not run`);
      return `Drizzle's: ${[...order, ...left].join("; ")}`;
    }
  }
}
