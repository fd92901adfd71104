import { resolve } from "node:path";
import type { MigrationsOption, Repo } from "./config.ts";
import type { LaneName } from "./lane.ts";

/** The folders of a repo's lane, as absolute paths; none where its migrations are modules. */
export function foldersOf(repo: Repo, lane: LaneName, root: string): readonly string[] {
  const migrations = lane === "data" ? repo.dataMigrations : repo.migrations;
  const folders = typeof migrations === "string" ? [migrations] : migrations;
  return isList(folders) ? folders.map((folder) => resolve(root, folder)) : [];
}

function isList(migrations: MigrationsOption): migrations is readonly string[] {
  return Array.isArray(migrations) && migrations.every((item) => typeof item === "string");
}
