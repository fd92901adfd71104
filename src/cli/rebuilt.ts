/**
 * `verify --schema --rebuild`: compares a database with one that the migrations make from nothing.
 */
import { DevelopmentError } from "../core/model/development-error.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Release } from "../release/release.ts";
import type { SchemaVerification } from "../release/verify-schema.ts";
import { hasShadow, schemaByMigrations } from "../shadow/schema-by-migrations.ts";
import { chosen } from "./check-on-shadow.ts";
import type { CommandContext } from "./command.ts";
import { given } from "./given.ts";
import { shadowSqlOf } from "./shadow-flags.ts";

export type RebuiltOptions = {
  readonly repo?: readonly string[];
  readonly prefix?: string;
  readonly shadow: {
    readonly shadow?: string | undefined;
    readonly shadowSql?: string | undefined;
  };
};

/**
 * @throws {ReleaseError} `migrations_pending`, `shadow_unsupported`, and errors of a migration on
 * the shadow
 */
export async function compareRebuilt(
  release: Release,
  { repo, prefix, shadow: { shadow, shadowSql } }: RebuiltOptions,
  context: CommandContext,
): Promise<readonly SchemaVerification[]> {
  const repos = await chosen(release, repo, {
    isAble: (one) => hasShadow(one, shadow),
    refusal: (repos) => new DevelopmentError("shadow_unsupported", { repos, flag: "--shadow" }),
  });
  const sql = await shadowSqlOf(shadowSql, context);
  const found: SchemaVerification[] = [];
  for (const inventory of repos) {
    const { repo } = inventory;
    const [relation] = await release.verify({ repo, ...given({ prefix }) });
    const pending = relation?.pending ?? [];
    if (pending.length > 0)
      throw new ReleaseError("migrations_pending", { repos: [{ repo, pending }] });
    const against = await schemaByMigrations(
      release,
      inventory,
      given({ url: shadow, sql, prefix }),
    );
    found.push(...(await release.verifySchema({ repo, against, ...given({ prefix }) })));
  }
  return found;
}
