/** What has run and what has not: files × applied → rows, and the block that people read. */
import type { AppliedMigration, MigrationFile, Version } from "../migration.ts";
import { orderOf } from "./order.ts";

export type StatusRow = {
  readonly status: "up" | "down";
  readonly version: Version;
  /** What people are shown for a version that is a whole id: the number that it starts with. */
  readonly number?: Version;
  /** `undefined` when neither this release nor the history knows it. */
  readonly name: string | undefined;
  /** `false` for an applied version that this release has no file for. Default: `true`. */
  readonly inRelease?: false;
  /** Whether it can be rolled back without its file, by the plan in the history. */
  readonly hasPlan?: true;
};

/** All migrations of a repo, oldest first. */
export function status(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly StatusRow[] {
  const order = orderOf(files);
  const done = new Set(applied.map((row) => row.version));
  const known = new Set(files.map((file) => file.version));
  const rows: StatusRow[] = [
    ...files.map(
      (file): StatusRow => ({
        status: done.has(file.version) ? "up" : "down",
        version: file.version,
        ...(file.number === undefined ? {} : { number: file.number }),
        name: file.name,
      }),
    ),
    ...applied.filter((row) => !known.has(row.version)).map(unknownRow),
  ];
  return rows.toSorted((a, b) => order(a.version, b.version));
}

function unknownRow({ version, name, hasPlan }: AppliedMigration): StatusRow {
  return {
    status: "up",
    version,
    name,
    inRelease: false,
    ...(hasPlan === true ? { hasPlan } : {}),
  };
}

function nameWords({ name, inRelease, hasPlan }: StatusRow): string {
  if (inRelease !== false) return name ?? "";
  return hasPlan === true
    ? `${name ?? ""} (not in this release)`.trimStart()
    : "** FILE NOT FOUND **";
}

/** The versions that are still to run. */
export function pendingVersions(rows: readonly StatusRow[]): readonly Version[] {
  return rows.filter((row) => row.status === "down").map((row) => row.version);
}

/** The block of one repo, as Ecto prints it: it starts with an empty line and ends with a line break. */
export function statusBlock(heading: string, rows: readonly StatusRow[]): string {
  const lines = rows.map(
    (row) => `  ${row.status.padEnd(10)}${(row.number ?? row.version).padEnd(16)}${nameWords(row)}`,
  );
  return [
    "",
    heading,
    "",
    "  Status    Migration ID    Migration Name",
    "-".repeat(50),
    ...lines,
    "",
  ].join("\n");
}
