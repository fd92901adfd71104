/** The two lanes of a repo: schema migrations and data migrations, each with folders and a history of its own. */
import type { Named } from "../core/model/named.ts";
import type { MigrationsOption, Repo } from "./config.ts";

export type LaneName = "schema" | "data";

export type Lane = {
  readonly name: LaneName;
  readonly migrations: MigrationsOption;
  readonly historyTable: Named;
  /** Whether a folder that is not there means no migrations, in place of an error. */
  readonly mayBeMissing: boolean;
};

export type LaneOptions = {
  readonly prefix?: string | undefined;
  readonly migrationsPath?: string | readonly string[] | undefined;
};

/** Where the migrations of a lane are, and where its history is. */
export function laneOf(repo: Repo, name: LaneName, options: LaneOptions): Lane {
  const { prefix, migrationsPath } = options;
  const { carried } = repo;
  const table = name === "schema" ? repo.historyTable : repo.dataHistoryTable;
  const migrations =
    name === "schema"
      ? (carried.migrations ?? repo.migrations)
      : (carried.dataMigrations ?? repo.dataMigrations);
  return {
    name,
    migrations: migrationsPath ?? migrations,
    historyTable: prefix === undefined ? { name: table } : { name: table, prefix },
    mayBeMissing: name === "data" && migrationsPath === undefined && !repo.dataMigrationsGiven,
  };
}
