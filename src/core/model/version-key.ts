/**
 * Under which number tables keep a version. A version that is digits is its own number. One that repeats in its folder,
 * that is larger than a bigint or that is no number at all is the whole id of its migration, and has a number made of it.
 */
import type { AppliedMigration, MigrationFile, Version } from "./migration.ts";

/** No number is larger: tables keep it as a bigint. */
const largest = 9223372036854775807n;

/** True for a version that tables keep as it is. */
export function isNumber(version: Version): boolean {
  return /^\d{1,19}$/.test(version) && BigInt(version) <= largest;
}

/**
 * Digits, as SQL has them. Of an id it is negative, so that it is in nobody's way: 62 bits of FNV-1a, in which two of a
 * million ids are the same once in nine million histories. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function versionNumber(version: Version): string {
  if (isNumber(version)) return version;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(version))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return String(-BigInt.asUintN(62, hash) - 1n);
}

/**
 * The rows under the versions of the files. Whether a migration is known by its number or by its id depends on what else
 * lies in the folder, and that changes: a row then says under which number it is kept.
 */
export function underFiles(
  applied: readonly AppliedMigration[],
  files: readonly MigrationFile[],
): readonly AppliedMigration[] {
  const known = new Set(files.map((file) => file.version));
  const strange = applied.filter((row) => !known.has(row.version));
  if (strange.length === 0) return applied;
  const byId = new Map(files.map((file) => [file.id, file]));
  const byNumber = Map.groupBy(files, (file) => file.number);
  return applied.map((row) => {
    if (known.has(row.version)) return row;
    const same = byNumber.get(row.version) ?? [];
    const named =
      same.find(({ name }) => name === row.name) ?? same.find((one) => wasNamed(one, row));
    const file = byId.get(row.version) ?? named;
    if (file === undefined) return row;
    return { ...row, version: file.version, rowNumber: versionNumber(row.version) };
  });
}

/** Rows of earlier releases name a file of a dated id by all that follows its year. */
function wasNamed({ id }: MigrationFile, { name = "" }: AppliedMigration): boolean {
  return (
    name !== "" && id.endsWith(name) && /^\d+[-_.]+$/.test(id.slice(0, id.length - name.length))
  );
}
