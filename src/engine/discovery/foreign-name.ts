/** Names of files that other tools write and that do not start with a number of ours. Only folders need them. */
import type { Version } from "../../core/model/migration.ts";
import {
  baselineName,
  type MigrationName,
  migrationName,
  type Numbered,
} from "./migration-name.ts";

/** Reads the name of a migration in a folder; `undefined` when it has no version. */
export function nameInFolder(id: string): (MigrationName & Numbered) | undefined {
  const baseline = baselineName(id);
  if (baseline !== undefined) return baseline;
  const mikroOrm = /^Migration(\d{14})(?:_(.+))?$/.exec(id);
  if (mikroOrm !== null) return { version: mikroOrm[1]!, name: mikroOrm[2] ?? id };
  const compact = /^(\d{8})T(\d{6})[-_.]+(.+)$/.exec(id);
  if (compact !== null) return { version: `${compact[1]}${compact[2]}`, name: compact[3]! };
  if (/^\d+$/.test(id)) return { ...migrationName(`${id}_${id}`), name: id } as MigrationName;
  const parsed = migrationName(id);
  if (parsed?.problem !== undefined) return { version: id, name: id.replace(/^.*?__/, "") };
  return parsed === undefined || !isDashedDate(id, parsed.version)
    ? parsed
    : { version: id, number: parsed.version, name: behindDate.exec(id)?.[2] ?? parsed.name };
}

/**
 * Takes the name behind a date, and a time if there is one: Umzug's `2024.01.01T00.00.00.users`.
 */
const behindDate =
  /^\d{4}([-.])\d\d\1\d\d(?:T\d\d[-.:]?\d\d(?:[-.:]?\d\d)?(?:\.\d+)?Z?)?[-_.]+(.+)$/;

/** `2024-03-24T08:54:00_x`: its number would be that of all that a year has. */
function isDashedDate(id: string, version: Version): boolean {
  return version.length === 4 && /^\d{4}([-.])\d\d\1\d\d(?!\d)/.test(id);
}
