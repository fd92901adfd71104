/** What has run and what has not: files × applied → rows, and the block that people read. */
import type { AppliedMigration, Direction, MigrationFile, Version } from "../model/migration.ts";
import { visible } from "../model/visible.ts";
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
  /** How far it got, or its rollback, where a run stopped in the middle. Default: it is whole. */
  readonly part?: StatusPart | undefined;
};

/** Statements that are done, and those that nobody knows of yet. */
export type StatusPart = {
  readonly direction: Direction;
  readonly done: number;
  readonly inDoubt: number;
};

/** All migrations of a repo, oldest first. */
export function status(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  parts: ReadonlyMap<Version, StatusPart> = new Map(),
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
  return rows
    .toSorted((a, b) => order(a.version, b.version))
    .map((row) => {
      const part = parts.get(row.version);
      return part === undefined ? row : { ...row, part };
    });
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

function partWords({ part }: StatusRow): string {
  if (part === undefined) return "";
  const { direction, done, inDoubt } = part;
  const what = direction === "down" ? "rolled back in part" : "applied in part";
  const doubt = inDoubt === 0 ? "" : `, ${inDoubt} in doubt`;
  return ` (${what}: ${done} statement${done === 1 ? "" : "s"} done${doubt})`;
}

/** The versions that are still to run. */
export function pendingVersions(rows: readonly StatusRow[]): readonly Version[] {
  return rows.filter((row) => row.status === "down").map((row) => row.version);
}

/** The block of one repo, as Ecto prints it: it starts with an empty line and ends with a line break. */
export function statusBlock(heading: string, rows: readonly StatusRow[]): string {
  const lines = rows.map(
    (row) =>
      `  ${(row.part === undefined ? row.status : "part").padEnd(10)}${visible(row.number ?? row.version).padEnd(16)}${visible(nameWords(row))}${partWords(row)}`,
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
