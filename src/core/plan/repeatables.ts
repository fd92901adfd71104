/** Migrations that run again when they mean something else: which of them, in which order, and what brings them back. */
import { ReleaseError } from "../model/errors.ts";
import type { AppliedMigration, MigrationFile } from "../model/migration.ts";
import { inOrder } from "./order.ts";
import type { StoredPlan } from "./stored-plan-data.ts";

/** A file that runs again, and what it must come behind. */
export type Depending = { readonly file: MigrationFile; readonly depends: readonly string[] };

/**
 * Puts those that run again behind all others: each behind what it depends on, else by name.
 *
 * @throws {ReleaseError} `migration_invalid` for one that depends on nothing that is there, or on itself
 */
export function inRepeatOrder(
  files: readonly MigrationFile[],
  depending: readonly Depending[],
): readonly MigrationFile[] {
  const byId = new Map(depending.map((one) => [one.file.id, one]));
  const done = new Map<string, MigrationFile>();
  const visit = ({ file, depends }: Depending, way: readonly string[]): void => {
    if (done.has(file.id)) return;
    if (way.includes(file.id)) throw circle(file, [...way, file.id]);
    for (const id of depends) {
      const other = byId.get(id.replace(/\.(?:sql|[cm]?[jt]s)$/, ""));
      if (other === undefined) throw unknown(file, id, [...byId.keys()]);
      visit(other, [...way, file.id]);
    }
    done.set(file.id, { ...file, place: done.size });
  };
  for (const one of depending.toSorted((a, b) => inOrder(a.file, b.file))) visit(one, []);
  return [...files.filter((file) => file.repeatable === undefined), ...done.values()];
}

function unknown(file: MigrationFile, id: string, known: readonly string[]): ReleaseError {
  const others = known.filter((one) => one !== file.id);
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: `it depends on ${id}, which is no migration that runs again`,
    hint:
      others.length === 0
        ? "Leave depends out: those that run once come first anyway."
        : `Name one of ${others.join(", ")}. Those that run once come first anyway.`,
  });
}

function circle(file: MigrationFile, way: readonly string[]): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: `it depends on itself: ${way.slice(way.indexOf(file.id)).join(" → ")}`,
    hint: "Leave out one depends of the circle.",
  });
}

/** So many earlier texts are kept; each is in every plan behind it. */
const kept = 10;

/** The plan of a migration that runs again: its way back is the text that ran before. */
export function planAgain(
  plan: StoredPlan,
  row: AppliedMigration,
  before: StoredPlan | undefined,
): StoredPlan {
  if (before === undefined)
    return { ...plan, down: { refused: "the text that ran before it was not kept" } };
  const { name, checksum, meaning, phase, compatibleFrom } = row;
  const at = row.appliedAt?.toISOString();
  const said = { name, checksum, meaning, at, phase, compatibleFrom };
  const earlier = { ...said, plan: cut(before, kept - 1) };
  return { ...plan, down: before.up, earlier };
}

function cut(plan: StoredPlan, left: number): StoredPlan {
  const { earlier, ...rest } = plan;
  if (earlier === undefined) return plan;
  return left === 0
    ? rest
    : { ...rest, earlier: { ...earlier, plan: cut(earlier.plan, left - 1) } };
}
