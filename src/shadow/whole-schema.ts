/**
 * The schema that migrations made on a shadow, without Slipway's objects, and its differences from
 * another moment.
 */
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../core/catalog/changes.ts";
import { judged } from "../core/catalog/kept.ts";
import type { Release } from "../release/release.ts";
import { schemaOfSession } from "../release/verify-schema.ts";

/** The names of Slipway's own tables. */
export async function ownNames(release: Release, repo: string): Promise<ReadonlySet<string>> {
  const [own] = await release.tables({ repo });
  return new Set(own?.tables);
}

/** @throws {ReleaseError} `dump_unsupported` */
export async function wholeOf(
  session: Session,
  repo: string,
  own: ReadonlySet<string>,
): Promise<SchemaCatalog> {
  return judged(await schemaOfSession(session, repo), { own, home: undefined, ignore: [] });
}

/** As lines for people: `- ` is missing, `+ ` is too much, `~ ` is another. Empty: nothing differs. */
export function differences(expected: SchemaCatalog, found: SchemaCatalog): readonly string[] {
  return [
    ...changeLines(catalogChanges(expected, found)),
    ...lineDifferences(expected.leftOut, found.leftOut),
  ];
}

/** The lines that only one of the two has, in the same form. */
export function lineDifferences(
  expected: readonly string[],
  found: readonly string[],
): readonly string[] {
  const names = (from: readonly string[], to: readonly string[], sign: string) =>
    from.filter((name) => !to.includes(name)).map((name) => `${sign} ${name}`);
  return [...names(expected, found, "-"), ...names(found, expected, "+")];
}
