/** Tenants that have the same have the same to do: it is compiled once for all of them. */
import type { Dialect } from "../core/language/dialect.ts";
import { type LockPolicy, lockPolicy } from "../core/model/lock-policy.ts";
import type { Direction, Version } from "../core/model/migration.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import type { Action } from "../core/plan/action.ts";
import { policyOf } from "../core/plan/policy-of.ts";
import type { Step } from "../core/plan/step.ts";
import { isOpaque } from "../engine/opaque-step.ts";
import { shield } from "../engine/shield.ts";
import type { FleetContext } from "./fleet-context.ts";
import { makeOwn, ownRowOf } from "./own-rows.ts";
import { recordOf, rowsOf } from "./tenant-rows.ts";
import { type TenantText, tenantText } from "./tenant-text.ts";
import { newestOf, versionsKey } from "./versions.ts";

/** The versions of tenants with this key, and the work to be done on them. */
export type TenantGroup = {
  readonly direction: Direction;
  /** The key of the versions that have run on them. */
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
  /** The limits of the transaction, where earlier parts do not set them. */
  readonly limits: readonly Statement[];
  /** Takes the tenant. Where all is DDL, it also writes the rows of our tables. */
  readonly claim: TenantText;
  readonly parts: readonly GroupPart[];
  /** The rows of our tables afterwards, where the claim has not written them. */
  readonly rows: readonly TenantText[];
  /** Whether it is DDL and nothing else: then the rows of ours may come before it. */
  readonly isPlain: boolean;
};

/** `quarantined`: whether to take a tenant that is left alone all the same. `ranAt`: when a step ran. Default: now. */
export function compileGroup(
  group: TenantGroup,
  {
    quarantined,
    dialect,
    ranAt,
  }: {
    readonly quarantined: boolean;
    readonly dialect: Dialect;
    readonly ranAt?: (step: Step) => Date | undefined;
  },
  context: FleetContext,
): CompiledGroup {
  const { steps, direction, has, versions } = group;
  const { repo, command } = context.policies;
  const policy = lockPolicy(repo, ...steps.map((step) => step.policy), command);
  const statements = steps.flatMap(({ actions }) =>
    actions.flatMap((one) => (one.kind === "statements" ? one.statements : [])),
  );
  const code = steps.some(({ actions }) => actions.some(({ kind }) => kind === "run"));
  const changed = new Set(steps.map(({ file }) => file.version));
  const left = direction === "up" ? [...has, ...changed] : has.filter((one) => !changed.has(one));
  const sets = {
    versions: dialect.literal(versionsKey(left)),
    newest: newestOf(left),
    state: "'ready'",
    ...{ reason: "NULL", failed_version: "NULL", failed_name: "NULL", failed_at: "NULL" },
    run_id: dialect.literal(context.facts.runId),
  };
  const isPlain = !steps.some(isOpaque);
  const { tenants } = context.tables;
  const settings = dialect.lockSettings(policyOf(statements, { code }), policy);
  const again = [...settings, plain(context.sql.silence)];
  const asked = { tenants, versions, quarantined };
  const { own } = context;
  const isFirst = own !== undefined && has.length === 0 && direction === "up";
  const made = isFirst ? [statementPart(steps[0], makeOwn(own, dialect))] : [];
  const parts = [
    ...made,
    ...steps.flatMap((step) => [
      ...partsOf(step, { dialect, context, again }),
      ...(own === undefined ? [] : [statementPart(step, ownRowOf(own, step, dialect))]),
    ]),
  ];
  const common = { group, policy, isPlain, parts };
  if (isPlain && direction === "up" && steps.length > 0 && ranAt === undefined) {
    const said = recordOf(steps, context, dialect);
    const record = { ...said, sets, settings: settings.map(({ sql }) => sql) };
    const claimed = (name: string) => context.sql.claimAndRecord(name, asked, record);
    if (claimed("") !== undefined) {
      const claim = tenantText((name) => claimed(name) ?? "", { isKept: true });
      return { ...common, before: [plain(dialect.begin)], limits: settings, claim, rows: [] };
    }
  }
  return {
    ...common,
    before: [plain(dialect.begin), ...settings],
    limits: [],
    claim: tenantText((name) => context.sql.claim(name, asked), { isKept: true }),
    rows: rowsOf(group, context, {
      ...{ dialect, sets, ranAt },
      // Separate times make another text for each tenant.
      isKept: isPlain && ranAt === undefined,
    }),
  };
}

function statementPart(step: Step | undefined, statement: Statement): GroupPart {
  return { kind: "statement", step, statement };
}

/** Clears away the traces of the user's SQL and code: the next step begins as the first did. */
function partsOf(
  step: Step,
  at: {
    readonly dialect: Dialect;
    readonly context: FleetContext;
    /** Settings of the transaction, which are cleared away too. */
    readonly again: readonly Statement[];
  },
): readonly GroupPart[] {
  const { dialect, context, again } = at;
  const statement = (one: Statement) => statementPart(step, one);
  const parts = step.actions.flatMap((action): readonly GroupPart[] => {
    if (action.kind === "run") return [{ kind: "code", step, action }];
    return action.kind === "statements" ? action.statements.map(statement) : [];
  });
  if (!isOpaque(step)) return parts;
  const ours = [
    ...dialect.clearSession.map(plain),
    ...again,
    ...shield(step, { dialect, history: context.tables.history }),
  ];
  return [...parts, ...ours.map(statement), { kind: "enter", step }];
}
