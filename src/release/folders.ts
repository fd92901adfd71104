import { resolve } from "node:path";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";
import type { MigrationsOption, Repo } from "./config.ts";
import type { LaneName } from "./lane.ts";

/** How a repo reads its folders. */
export type FolderReading = {
  /** How their names are read. Default: as they look. */
  readonly layout: LayoutName | undefined;
  /** Whose modules they hold. Default: Slipway's. */
  readonly modules: ForeignModules | undefined;
};

/** A lane with folders. */
export type FolderLane = LaneName | "tenants" | "tenant data";

/** The folders of a repo's lane, as absolute paths; none where its migrations are modules. */
export function foldersOf(repo: Repo, lane: FolderLane, root: string): readonly string[] {
  const migrations = migrationsOf(repo, lane);
  const folders = typeof migrations === "string" ? [migrations] : migrations;
  return isList(folders) ? folders.map((folder) => resolve(root, folder)) : [];
}

function migrationsOf(repo: Repo, lane: FolderLane): MigrationsOption {
  if (lane === "tenants") return repo.tenants === undefined ? [] : repo.tenantMigrations;
  if (lane === "tenant data") return repo.tenants === undefined ? [] : repo.tenantDataMigrations;
  return lane === "data" ? repo.dataMigrations : repo.migrations;
}

function isList(migrations: MigrationsOption): migrations is readonly string[] {
  return Array.isArray(migrations) && migrations.every((item) => typeof item === "string");
}
