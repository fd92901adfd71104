/** How tools lay out more than one folder, or order files by more than the number in their name. */
import type { Arrangement } from "./arrangement.ts";
import { dbMigrate } from "./db-migrate.ts";
import { downFolders } from "./down-folders.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { releaseFolders } from "./release-folders.ts";

const named = {
  "db-migrate": dbMigrate,
  "down-folders": downFolders,
  "graphile-migrate": graphileMigrate,
  drizzle,
  "release-folders": releaseFolders,
  flyway,
} as const satisfies { readonly [layout: string]: Arrangement };

/** How a repo may say that its folder is laid out. `plain`: by versions alone. `by-name`: in the order of the names; `liquibase` too, cut into change sets. */
export type LayoutName = keyof typeof named | "plain" | "by-name" | "liquibase";

export const layoutNames: readonly LayoutName[] = [
  ...(Object.keys(named) as (keyof typeof named)[]),
  "plain",
  "by-name",
  "liquibase",
];

/** Those that are tried, in their order: all of them where the repo names none. */
export function arrangementsOf(layout: LayoutName | undefined): readonly Arrangement[] {
  if (layout === undefined) return Object.values(named);
  return layout === "plain" || layout === "by-name" || layout === "liquibase"
    ? []
    : [named[layout]];
}
