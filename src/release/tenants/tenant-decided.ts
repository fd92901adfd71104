/**
 * Collects facts about the migrations of tenants before anything is decided, and refuses what none
 * of them may be.
 */
import type { Session } from "../../adapters/adapter.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { Phase, Target } from "../../core/model/migration.ts";
import type { PrepareInput, Step } from "../../core/plan/step.ts";
import type { Repo } from "../config.ts";
import type { ListedLane } from "../prepare/asked.ts";
import type { PrepareContext } from "../run-world.ts";

/** The target of tenants. */
export type TenantTarget = {
  readonly target: Target;
  readonly phase?: Phase | undefined;
  readonly prefix?: string | undefined;
  readonly strictVersionOrder?: boolean | undefined;
};

/** The facts before anything is decided. */
export type Decided = Pick<PrepareContext, "emit"> &
  ListedLane & {
    readonly repo: Repo;
    readonly session: Session;
    readonly wanted: TenantTarget;
    readonly prepare: Omit<PrepareInput, "migrations">;
  };

/** Whether it is one transaction. */
export function isWhole({ transactional, actions, backfill }: Step): boolean {
  return (
    transactional && backfill === undefined && !actions.some(({ kind }) => kind === "backfill")
  );
}

export const hintForSteps =
  "Write it without concurrently and without a safe form: a table of one tenant is small, so the plain form is quick.";

/**
 * Refuses steps that need more than one transaction: only those can happen to a tenant whole or not
 * at all. @throws {ReleaseError} `migration_invalid`
 */
export function refuseSteps(steps: readonly Step[]): void {
  refuse(
    steps
      .filter((step) => !isWhole(step))
      .map(
        ({ file: { origin } }) =>
          new ReleaseError("migration_invalid", {
            origin,
            reason: "a migration of tenants must be one transaction",
            hint: hintForSteps,
          }),
      ),
  );
}
