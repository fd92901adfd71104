/**
 * Shows which migrations have run and which have not: files × applied → rows, and the block that
 * people read.
 */
import type { AppliedMigration, Direction, MigrationFile, Version } from "../model/migration.ts";
import { visible } from "../model/visible.ts";
import { orderOf } from "./order.ts";

/** A migration and whether it has run. */
export type StatusRow = {
  readonly status: "up" | "down";
  readonly version: Version;
  /** The number that people see for a version that is a whole id: the one that it starts with. */
  readonly number?: Version;
  /** `undefined` when neither this release nor the history knows it. */
  readonly name: string | undefined;
  /** It runs again when its meaning changes; `down` is one that is to run, also again. Default: it runs once. */
  readonly repeatable?: true;
  /** `false` for an applied version that this release has no file for. Default: `true`. */
  readonly inRelease?: false;
  /** Whether it can be rolled back without its file, by the plan in the history. */
  readonly hasPlan?: true;
  /** How far it got, or its rollback, where a run stopped in the middle. Default: it is whole. */
  readonly part?: StatusPart | undefined;
  /** When it ran. */
  readonly appliedAt?: Date | undefined;
  /** It ran, and its file means something else now. */
  readonly edited?: true;
  /** A run is at it at this moment. */
  readonly running?: true;
  /** How the last try ended, where that was not well and nothing has come of it since. */
  readonly failed?: FailedTry;
  /** Of a data migration: how far a backfill is that was begun and is not finished. */
  readonly share?: string;
};

/** Statements that are done, and those that nobody knows of yet. */
export type StatusPart = {
  readonly direction: Direction;
  readonly done: number;
  readonly inDoubt: number;
  /** All of them in order, where what began is known. */
  readonly units?: readonly StatusUnit[];
  /** Why a rollback would refuse to undo it. Left out where nothing is known to speak against it. */
  readonly refusedUndo?: string;
};

/** One part of a migration that was begun. */
export type StatusUnit = {
  readonly words: string;
  readonly state: "done" | "in_doubt" | "to_come";
};

/** A try that ended badly. */
export type FailedTry = {
  readonly at: Date | undefined;
  readonly direction: Direction;
  readonly result: "failed" | "interrupted";
  readonly reason: string | undefined;
};

/** All migrations of a repo, oldest first. */
export function status(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
  facts: ReadonlyMap<Version, StatusFacts> = new Map(),
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
        ...(file.repeatable ? { repeatable: true } : {}),
      }),
    ),
    ...applied.filter((row) => !known.has(row.version)).map(unknownRow),
  ];
  return rows
    .toSorted((a, b) => order(a.version, b.version))
    .map((row) => ({ ...row, ...facts.get(row.version) }));
}

/** Facts about a migration besides whether it has run. */
export type StatusFacts = Pick<
  StatusRow,
  "part" | "appliedAt" | "edited" | "running" | "failed" | "share"
>;

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

/** One word for where a migration stands; `up (edited)` is two. */
export function stateWords({ status, part, edited, running, failed }: StatusRow): string {
  if (running) return "running";
  if (part !== undefined) return "part";
  if (failed?.direction === "up" && status === "down")
    return failed.result === "failed" ? "failed" : "stopped";
  return edited ? `${status} (edited)` : status;
}

/**
 * The block of one repo, as Ecto prints it: it starts with an empty line and ends with a line break. `long` tells of
 * each when it ran, too.
 */
export function statusBlock(
  heading: string,
  rows: readonly StatusRow[],
  { long = false }: { readonly long?: boolean | undefined } = {},
): string {
  const words = rows.map(stateWords);
  const width = Math.max(10, ...words.map((word) => word.length + 2));
  const names = rows.map((row) => `${visible(nameWords(row))}${partWords(row)}${shareWords(row)}`);
  const nameWidth = long ? Math.max(16, ...names.map((name) => name.length + 2)) : 0;
  const times = rows.map(({ appliedAt }) => (long && appliedAt ? inUtc(appliedAt) : ""));
  const lines = rows.map((row, i) =>
    `  ${words[i]?.padEnd(width)}${visible(shownId(row)).padEnd(16)}${names[i]?.padEnd(nameWidth)}${times[i]}`.trimEnd(),
  );
  const head = `  ${"Status".padEnd(width)}Migration ID    ${"Migration Name".padEnd(nameWidth)}`;
  return [
    "",
    heading,
    "",
    long ? `${head}Applied at (UTC)` : head,
    "-".repeat(40 + width + (long ? nameWidth + 5 : 0)),
    ...lines,
    "",
  ].join("\n");
}

/** `R` for one that runs again and has no number. */
function shownId({ repeatable, number, version }: StatusRow): string {
  if (!repeatable) return number ?? version;
  return /^\d+$/.test(number ?? version) ? `R ${number ?? version}` : "R";
}

function shareWords({ share }: StatusRow): string {
  return share === undefined ? "" : ` (${share})`;
}

function inUtc(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}
