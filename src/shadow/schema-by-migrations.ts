/** The schema that migrations make, on a database that is gone afterwards. */
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import { schemaOfSession } from "../release/verify-schema.ts";
import { extensionsIn } from "./trace/extensions.ts";
import { openShadow } from "./trace/shadow.ts";
import { stepUp } from "./trace/step-up.ts";

export type ByMigrationsOptions = {
  /** A server for the shadow. Default: a PGlite in memory; for SQLite a file. */
  readonly url?: string;
  /** SQL that the shadow begins with. Default: none. */
  readonly sql?: string;
  readonly prefix?: string;
};

/** Whether one can be made for it: MySQL and MariaDB need a server. */
export function hasShadow({ rules }: RepoInventory, url: string | undefined): boolean {
  return rules === "postgres" || rules === "sqlite" || (rules === "mysql" && url !== undefined);
}

/** @throws {ReleaseError} the failure of a migration; `connection_failed` */
export async function schemaByMigrations(
  release: Release,
  { repo, rules, migrations }: RepoInventory,
  { url, sql, prefix }: ByMigrationsOptions,
): Promise<SchemaCatalog> {
  const kind = rules ?? "postgres";
  const shadow = await openShadow({ url, sql, kind, extensions: extensionsIn(migrations) });
  try {
    const onShadow = release.using({
      adapters: { [repo]: shadow.adapter },
      emit: () => undefined,
      write: () => undefined,
      inUse: false,
    });
    const failed = await stepUp(onShadow, repo, prefix === undefined ? {} : { prefix });
    if (failed !== undefined) throw failed;
    const session = await shadow.adapter.open({ role: "work", application: "slipway shadow" });
    try {
      return await schemaOfSession(session, repo);
    } finally {
      await session.close();
    }
  } finally {
    await shadow.dispose();
  }
}
