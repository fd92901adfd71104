/** How tools lay out more than one folder, or order files by more than the number in their name. */
import type { Arrangement } from "./arrangement.ts";
import { dbMigrate } from "./db-migrate.ts";
import { downFolders } from "./down-folders.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { releaseFolders } from "./release-folders.ts";

export const arrangements: readonly Arrangement[] = [
  dbMigrate,
  downFolders,
  graphileMigrate,
  drizzle,
  releaseFolders,
  flyway,
];
