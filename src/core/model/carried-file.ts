/**
 * The facts about a migration's file that a program without a folder needs. Its lists, manifests
 * and maps all take them from here.
 */
import type { MigrationFile } from "./migration.ts";

/** Every field, and whether it is carried: one that is added to the file does not compile before it is here. */
const fields: { readonly [field in keyof Required<MigrationFile>]: "carried" | "of the history" } =
  {
    id: "carried",
    version: "carried",
    number: "carried",
    place: "carried",
    repeatable: "carried",
    baseline: "carried",
    name: "carried",
    origin: "carried",
    rowNumber: "of the history",
  };

/** The facts of a file alone, in one order, and without those that it does not have. */
export function carriedFile(file: MigrationFile): MigrationFile {
  const known = Object.entries(fields).flatMap(([field, is]) => {
    const value = file[field as keyof MigrationFile];
    return is === "carried" && value !== undefined ? [[field, value] as const] : [];
  });
  return Object.fromEntries(known) as MigrationFile;
}
