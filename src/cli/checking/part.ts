/** Which migrations of a repo are judged: those of a change, those that are named, all, or those that are pending. */
import type { Finding } from "../../check/finding.ts";
import type { CheckNote, Judged } from "../../check/judged.ts";
import type { Version } from "../../core/model/migration.ts";
import type { InventoryEntry, RepoInventory } from "../../release/inventory.ts";
import { isLeftAlone } from "../../release/left-alone.ts";
import type { Release } from "../../release/release.ts";
import { pendingBehind, pendingOn } from "../check-on-shadow.ts";
import type { RepoChange } from "./repo-change.ts";

/** The migrations of a repo that are judged, in the order in which they run. */
export type CheckedPart = {
  readonly how: Judged["how"];
  readonly history: readonly InventoryEntry[];
  readonly wanted: readonly Version[];
  readonly earlier: number;
  readonly leftOut?: Judged["leftOut"];
  readonly findings?: readonly Finding[];
  readonly notes?: readonly CheckNote[];
  /** The number of tenants, where the database gave it. */
  readonly tenants?: number;
};

/** The new migrations since the base. */
export function ofChange(
  { earlier, added, findings, notes }: RepoChange,
  {
    versions,
    base,
  }: { readonly versions: ReadonlySet<Version> | undefined; readonly base: string },
): CheckedPart {
  const isMeant = ({ file }: InventoryEntry) => versions?.has(file.version) ?? true;
  const old = versions === undefined ? [] : earlier.filter(isMeant);
  const files = new Set([...old, ...added.filter(isMeant)].map(({ file }) => file.origin));
  return {
    how: "base",
    history: [...earlier, ...added],
    wanted: added.filter(isMeant).map(({ file }) => file.version),
    earlier: earlier.length,
    findings: versions === undefined ? findings : findings.filter(({ file }) => files.has(file)),
    notes: [
      ...notes,
      ...old.map(({ file }): CheckNote => {
        const message = `is in ${base} already, and was not judged`;
        return { code: "not_changed", file: file.origin, message };
      }),
    ],
  };
}

/** The named migrations, each on the schema that those before it have built. */
export function ofNamed(
  { migrations }: RepoInventory,
  versions: ReadonlySet<Version>,
): CheckedPart {
  const first = migrations.findIndex(({ file }) => versions.has(file.version));
  return {
    how: "named",
    history: migrations,
    wanted: [...versions],
    earlier: Math.max(first, 0),
  };
}

/** All migrations that `startAfter` does not leave out. */
export function ofAll({ migrations, startAfter }: RepoInventory): CheckedPart {
  const wanted = migrations.filter(({ file }) => !isLeftAlone(file, startAfter));
  return {
    how: "all",
    history: migrations,
    wanted: wanted.map(({ file }) => file.version),
    earlier: migrations.length - wanted.length,
    leftOut: leftOutBy(startAfter, migrations.length - wanted.length),
  };
}

/** Uses the facts, where there are any; else asks the database. */
export async function ofPending(
  repo: RepoInventory,
  {
    release,
    applied,
  }: { readonly release: Release; readonly applied: readonly Version[] | undefined },
): Promise<CheckedPart> {
  const { pending, counted } =
    applied === undefined
      ? await pendingOn(release, repo)
      : pendingBehind(
          repo.migrations,
          applied.map((version) => ({ version })),
        );
  const { startAfter } = repo;
  const open = repo.migrations
    .map(({ file }) => file)
    .filter(({ version }) => pending.has(version));
  const wanted = open.filter((file) => !isLeftAlone(file, startAfter));
  return {
    how: "pending",
    history: repo.migrations,
    wanted: wanted.map(({ version }) => version),
    earlier: counted - wanted.length,
    leftOut: leftOutBy(startAfter, open.length - wanted.length),
  };
}

function leftOutBy(startAfter: Version | undefined, migrations: number): Judged["leftOut"] {
  return startAfter === undefined || migrations === 0 ? undefined : { migrations, startAfter };
}
