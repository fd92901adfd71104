/** Makes one value of the versions that ran on a tenant, to compare it with others. */
import { compareVersions, type Version } from "../core/model/migration.ts";
import { isNumber, versionNumber } from "../core/model/version-key.ts";
import { checksum } from "../engine/checksum.ts";

/** A checksum of these versions in any order. Tenants with the same one have the same before them. */
export function versionsKey(versions: Iterable<Version>): string {
  return checksum([...versions].map(versionNumber).toSorted().join(","));
}

/** The newest of them as SQL has it; `NULL` of none, and of those that are no numbers. */
export function newestOf(versions: readonly Version[]): string {
  return versions.filter(isNumber).toSorted(compareVersions).at(-1) ?? "NULL";
}
