/** The plan of a run for the tenants of a repo. Plain data, but for the functions of `m.run`. */
import { describeMs } from "../../core/model/blocker.ts";
import type { Version } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import type { Step } from "../../core/plan/step.ts";

export type TenantsPlan = {
  /** How many there are. Left out while the table that lists them is not there yet. */
  readonly tenants?: number;
  /** How many get something. */
  readonly behind: number;
  /** How many failed before, and would be left alone. */
  readonly quarantined: number;
  /** Those whose file or database cannot be read. Left out when there are none. */
  readonly unreachable?: readonly { readonly tenant: string; readonly reason: string }[];
  /** The steps that tenants lack, each once, in its order. */
  readonly steps: readonly Step[];
  /** How many tenants get each. */
  readonly counts: Readonly<Record<Version, number>>;
  /** How many tenants a second the last run migrated in one process. Left out when none was long enough to tell. */
  readonly perSecond?: number;
  readonly warnings: readonly Warning[];
};

/** One thing that takes no time in one place. */
const exampleMs = 20;

/** How long all of them take. */
export function paceWords({
  behind,
  perSecond,
}: Pick<TenantsPlan, "behind" | "perSecond">): string | undefined {
  if (behind < 2) return undefined;
  const all = `${behind.toLocaleString("en-US")} tenants`;
  if (perSecond !== undefined)
    return `${all} take about ${describeMs((behind / perSecond) * 1_000)}, by the pace of the last run: ${perSecond.toFixed(0)} a second in one process`;
  return `what takes ${exampleMs} ms in one tenant takes ${describeMs(behind * exampleMs)} in ${all}, on one connection`;
}

/** Adds the steps of one more group of tenants. */
export class PlannedSteps {
  readonly #steps = new Map<Version, Step>();
  readonly #counts = new Map<Version, number>();
  readonly #order: (versions: readonly Version[]) => readonly Version[];

  /** `order` gives versions as they run. */
  constructor(order: (versions: readonly Version[]) => readonly Version[]) {
    this.#order = order;
  }

  add(steps: readonly Step[], tenants: number): void {
    for (const step of steps) {
      const { version } = step.file;
      this.#steps.set(version, step);
      this.#counts.set(version, (this.#counts.get(version) ?? 0) + tenants);
    }
  }

  result(): Pick<TenantsPlan, "steps" | "counts"> {
    const versions = this.#order([...this.#steps.keys()]);
    return {
      steps: versions.map((version) => this.#steps.get(version)!),
      counts: Object.fromEntries(this.#counts),
    };
  }
}
