import { ReleaseError } from "../core/model/errors.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";

/**
 * The version that somebody means: a number that one file alone starts with means that file, although it is known by
 * its id.
 *
 * @throws {ReleaseError} `version_ambiguous`
 */
export function meantVersion(
  repo: string,
  version: Version,
  files: readonly MigrationFile[],
): Version {
  if (files.some((file) => file.version === version)) return version;
  const same = files.filter(({ number }) => number === version);
  const [only, second] = same;
  if (second === undefined) return only?.version ?? version;
  throw new ReleaseError("version_ambiguous", { repo, version, ids: same.map(({ id }) => id) });
}
