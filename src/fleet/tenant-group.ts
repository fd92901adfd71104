/** Tenants that have the same have the same to do: it is compiled once for all of them. */
import type { Dialect } from "../core/language/dialect.ts";
import { type LockPolicy, lockPolicy } from "../core/model/lock-policy.ts";
import type { Direction, Version } from "../core/model/migration.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { isNumber, versionNumber } from "../core/model/version-key.ts";
import type { Action } from "../core/plan/action.ts";
import { policyOf } from "../core/plan/policy-of.ts";
import type { Step } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import { isOpaque } from "../engine/opaque-step.ts";
import { shield } from "../engine/shield.ts";
import type { FleetContext } from "./fleet-context.ts";
import { newestOf, versionsKey } from "./versions.ts";

/** What tenants with this key have, and what is to be done to them. */
export type TenantGroup = {
  readonly direction: Direction;
  /** The key of what has run on them. */
  readonly versions: string;
  readonly has: readonly Version[];
  /** In their order; none where they are up to date. */
  readonly steps: readonly Step[];
};

/** A statement for every tenant of the group, or what only the tenant's name makes one, or code of the user's. */
export type GroupPart = { readonly step: Step | undefined } & (
  | { readonly kind: "statement"; readonly statement: Statement }
  | { readonly kind: "enter" }
  | { readonly kind: "code"; readonly action: Extract<Action, { readonly kind: "run" }> }
);

/** All that runs on one tenant of the group in one transaction, but for its name. */
export type CompiledGroup = {
  readonly group: TenantGroup;
  readonly policy: LockPolicy;
  readonly before: readonly Statement[];
  readonly parts: readonly GroupPart[];
  /** What the rows of the history say beside the tenant, as SQL. */
  readonly rows: readonly string[];
  /** What the tenant's row says afterwards, as SQL by column. */
  readonly sets: Readonly<Record<string, string>>;
};

/** The columns of `rows`. */
export const rowColumns = [
  "version",
  "inserted_at",
  "name",
  "checksum",
  "meaning",
  "run_id",
  "release",
  "host",
  "phase",
  "compatible_from",
  "migration_id",
] as const;

export function compileGroup(
  group: TenantGroup,
  dialect: Dialect,
  context: FleetContext,
): CompiledGroup {
  const { steps, direction, has } = group;
  const { repo, command } = context.policies;
  const policy = lockPolicy(repo, ...steps.map((step) => step.policy), command);
  const statements = steps.flatMap(({ actions }) =>
    actions.flatMap((one) => (one.kind === "statements" ? one.statements : [])),
  );
  const code = steps.some(({ actions }) => actions.some(({ kind }) => kind === "run"));
  const changed = new Set(steps.map(({ file }) => file.version));
  const left = direction === "up" ? [...has, ...changed] : has.filter((one) => !changed.has(one));
  return {
    group,
    policy,
    before: [plain(dialect.begin), ...dialect.lockSettings(policyOf(statements, { code }), policy)],
    parts: steps.flatMap((step) => partsOf(step, dialect, context)),
    rows: direction === "up" ? steps.map((step) => rowOf(step, dialect, context)) : [],
    sets: {
      versions: dialect.literal(versionsKey(left)),
      newest: newestOf(left),
      state: "'ready'",
      ...{ reason: "NULL", failed_version: "NULL", failed_name: "NULL", failed_at: "NULL" },
      run_id: dialect.literal(context.facts.runId),
    },
  };
}

/** What SQL and code of the user's leave behind is cleared away: the next step begins as the first did. */
function partsOf(step: Step, dialect: Dialect, context: FleetContext): readonly GroupPart[] {
  const statement = (one: Statement): GroupPart => ({ kind: "statement", step, statement: one });
  const parts = step.actions.flatMap((action): readonly GroupPart[] => {
    if (action.kind === "run") return [{ kind: "code", step, action }];
    return action.kind === "statements" ? action.statements.map(statement) : [];
  });
  if (!isOpaque(step)) return parts;
  const ours = [
    ...dialect.clearSession.map(plain),
    ...shield(step, { dialect, history: context.tables.history }),
  ];
  return [...parts, ...ours.map(statement), { kind: "enter", step }];
}

function rowOf(step: Step, dialect: Dialect, { facts }: FleetContext): string {
  const { file, kept, phase, compatibleFrom } = step;
  const literal = (value: unknown) => (value === undefined ? "NULL" : dialect.literal(value));
  const values: Readonly<Record<(typeof rowColumns)[number], string>> = {
    version: versionNumber(file.version),
    inserted_at: dialect.utcNow,
    name: literal(file.name),
    checksum: literal(kept?.checksum),
    meaning: literal(kept && meaningChecksum(kept.meaning)),
    run_id: literal(facts.runId),
    release: literal(facts.release),
    host: literal(facts.host),
    phase: literal(phase),
    compatible_from: literal(compatibleFrom),
    migration_id: isNumber(file.version) ? "NULL" : literal(file.version),
  };
  return rowColumns.map((name) => values[name]).join(", ");
}
