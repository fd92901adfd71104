/**
 * The two lanes of a repo: schema migrations and data migrations, each with its folders and its
 * history.
 */
import type { Named } from "../core/model/named.ts";
import type { Repo } from "./config.ts";
import type { Migrations } from "./source.ts";

export type LaneName = "schema" | "data";

export type Lane = {
  readonly name: LaneName;
  readonly migrations: Migrations;
  readonly historyTable: Named;
  /** Whether a missing folder means no migrations instead of an error. */
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
  const own =
    name === "schema"
      ? (carried.migrations ?? repo.migrations)
      : (carried.dataMigrations ?? repo.dataMigrations);
  const migrations = migrationsPath ?? own;
  const { modules, placeholders, layout } = repo;
  const isPlain = modules === undefined && placeholders === undefined && layout === undefined;
  return {
    name,
    migrations:
      isPlain || name === "data" ? migrations : { migrations, modules, placeholders, layout },
    historyTable: prefix === undefined ? { name: table } : { name: table, prefix },
    mayBeMissing: name === "data" && migrationsPath === undefined && !repo.dataMigrationsGiven,
  };
}

/** The lane that `data` of a method's options names. */
export function laneNamed({ data = false }: { readonly data?: boolean }): LaneName {
  return data ? "data" : "schema";
}
