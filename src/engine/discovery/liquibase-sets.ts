/** Files of Liquibase's formatted SQL → a migration for each change set. */
import { refusing } from "../../core/language/sql-migration.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { type Changeset, changesetsOf } from "../../core/sql/changesets.ts";
import { displayPath } from "./display-path.ts";
import { mainPath } from "./entry-files.ts";
import { readText } from "./read-text.ts";
import type { FoundMigration } from "./read-tree.ts";

/** In the order of the files, and in a file as they stand. @throws {ReleaseError} `migration_invalid` */
export function changesets(
  found: readonly FoundMigration[],
  root: string,
): readonly FoundMigration[] {
  return found
    .flatMap(({ file, files }) => {
      const path = mainPath(files);
      return setsIn(path, root).map((set): FoundMigration => {
        const key = `${set.author}:${set.id}`;
        const id = `${file.id}:${key}`;
        const named = { id, version: id, name: key, origin: `${file.origin}:${key}` };
        return {
          file: { ...named, place: 0, ...(set.repeatable ? { repeatable: true } : {}) },
          files: { kind: "sql", path, changeset: key },
        };
      });
    })
    .map((one, place) => ({ ...one, file: { ...one.file, place } }));
}

/** The change set of a file. */
export function changesetOf(path: string, key: string, root: string): Changeset {
  const set = setsIn(path, root).find(({ author, id }) => `${author}:${id}` === key);
  if (set !== undefined) return set;
  throw new ReleaseError("migration_unloadable", {
    origin: `${path}:${key}`,
    reason: "it is gone",
  });
}

function setsIn(path: string, root: string): readonly Changeset[] {
  const origin = displayPath(root, path);
  const text = readText(path, origin);
  if (!/^\s*--\s*liquibase formatted sql\b/i.test(text))
    throw new ReleaseError("migration_invalid", {
      origin,
      reason: "it does not begin with --liquibase formatted sql",
      hint: "Only Liquibase's formatted SQL is read. Of XML and YAML, let liquibase update-sql print the SQL.",
    });
  return refusing(origin, () => changesetsOf(text));
}
