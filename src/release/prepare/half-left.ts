/** Finds half-done migrations that this run would pass by. */
import { ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import { orderOf } from "../../core/plan/order.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { HalfDone } from "../../engine/half-done.ts";
import type { Asked } from "./asked.ts";
import type { RanMigrations } from "./read.ts";

/**
 * Going down, half-done migrations refuse: their rest may stand on what is undone. Going up, they
 * give warnings.
 */
export function halfLeft(
  asked: Asked,
  { applied }: RanMigrations,
  { plan, halves }: { readonly plan: Plan; readonly halves: ReadonlyMap<Version, HalfDone> },
): { readonly refused: readonly ReleaseError[]; readonly warnings: readonly Warning[] } {
  const { files, history, request } = asked;
  const whole = new Set(applied.map(({ version }) => version));
  const planned = new Set(plan.files.map(({ version }) => version));
  const names = new Map(files.map(({ version, name }) => [version, name]));
  const { repo } = history;
  const left = [...halves]
    .filter(([version, { direction }]) => direction === "up" && !whole.has(version))
    .filter(([version]) => !planned.has(version))
    .map(([version]) => ({ repo, version, name: names.get(version) ?? "" }));
  if (plan.direction === "up")
    return { refused: [], warnings: left.map((one) => warning("half_applied", one)) };
  const floor = lowest(plan, request.target);
  const order = orderOf(files);
  const inTheWay = left.filter(({ version }) => floor === undefined || order(version, floor) >= 0);
  return { refused: inTheWay.map((one) => new ReleaseError("half_applied", one)), warnings: [] };
}

/** The oldest migration to go; where none is, the named one. */
function lowest({ files }: Plan, target: Asked["request"]["target"]): Version | undefined {
  const last = files.at(-1)?.version;
  if (last !== undefined) return last;
  if ("to" in target) return target.to;
  return "toExclusive" in target ? target.toExclusive : undefined;
}
