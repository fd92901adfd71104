/** Compiles a migration when a release is built, so that the release needs no compiler. Pure. */
import { DependsOnServer } from "../language/depends-on-server.ts";
import type { Dialect } from "../language/dialect.ts";
import type { SchemaOperation } from "../language/operation.ts";
import { isReleaseError, type ReleaseError, type RunningCode } from "../model/errors.ts";
import type { SqlSyntax } from "../sql/token.ts";
import type { Action } from "./action.ts";
import { effectsOf } from "./action-effects.ts";
import { touchesOf } from "./phased-migration.ts";
import type { Planned, PlannedAction, PlannedRefusal, PlannedStep } from "./planned.ts";
import { bothWays } from "./prepare.ts";
import type { LoadedMigration, PrepareInput, Step } from "./step.ts";

/** The compiled migration, or its refusal, or why only the run itself can compile it. */
export type PlannedAhead =
  | { readonly planned: Planned }
  | PlannedRefusal
  | { readonly why: string };

type Input = Omit<PrepareInput, "migrations" | "direction">;

/** `servers` are the dialects of all servers that it may meet. */
export function planAhead(
  migration: LoadedMigration,
  input: Input,
  servers: readonly Dialect[],
): PlannedAhead {
  try {
    return planOne(migration, input, servers);
  } catch (error) {
    if (isReleaseError(error)) return refusalOf(error);
    if (error instanceof DependsOnServer)
      return { why: "has what other servers, or other versions, spell otherwise" };
    throw error;
  }
}

function planOne(
  migration: LoadedMigration,
  input: Input,
  servers: readonly Dialect[],
): PlannedAhead {
  if (migration.definition.backfill !== undefined) return { why: "is a backfill" };
  const [server, ...others] = servers;
  if (server === undefined) return { why: "is for a database whose servers are not known" };
  const first = compiled(migration, { ...input, dialect: server });
  const isSame = (dialect: Dialect) =>
    JSON.stringify(compiled(migration, { ...input, dialect })) === JSON.stringify(first);
  if (hasForm(first) && !others.every(isSame))
    return { why: "has a safe form that depends on the version of the server" };
  if (!isJson(first)) return { why: "has values that JSON cannot say" };
  const why = whyNot(first);
  return why === undefined ? { planned: first } : { why };
}

function hasForm({ up, down }: Planned): boolean {
  return actionsOf(up, down).some((action) => "form" in action && action.form !== undefined);
}

function actionsOf(...ways: readonly Planned["down"][]): readonly PlannedAction[] {
  return ways.flatMap((way) => ("refused" in way ? [] : way.actions));
}

/** Says which need of the step JSON cannot hold. */
function whyNot({ up, down }: Planned): string | undefined {
  const hasCode = actionsOf(up, down).some((action) => action.of === "hook" && "code" in action);
  return hasCode ? "has hooks with code" : undefined;
}

function compiled(migration: LoadedMigration, input: Input): Planned {
  const { up, down, operations } = bothWays(migration, { ...input, ...oneOf(migration) });
  const { safe } = migration.definition;
  return {
    ...{
      meaning: up.kept?.meaning ?? "",
      touches: touchesOf(operations, input.dialect.syntax),
      phase: up.phase,
    },
    ...(safe === undefined ? {} : { safe }),
    up: plannedStep(up, input.dialect.syntax),
    down: plannedWay(down),
  };
}

function oneOf(migration: LoadedMigration): Pick<PrepareInput, "direction" | "migrations"> {
  return { direction: "up", migrations: [migration] };
}

function plannedWay(down: Step | ReleaseError): Planned["down"] {
  return isReleaseError(down) ? refusalOf(down) : plannedStep(down, undefined);
}

function refusalOf({ code, details }: ReleaseError): PlannedRefusal {
  // Whoever compiles a migration refuses it as a run would.
  return { refused: { code: code as RunningCode, details } };
}

/** `syntax` where somebody asks what it means to the code around it. */
function plannedStep(step: Step, syntax: SqlSyntax | undefined): PlannedStep {
  const { file: _, direction: __, kept: ___, safe: ____, verdict: _____, actions, ...said } = step;
  return {
    ...said,
    actions: actions.map((action): PlannedAction => {
      const { words, of } = action;
      if (action.kind === "run") return { words, code: true, ...(of === undefined ? {} : { of }) };
      const effects = syntax === undefined ? {} : { effects: effectsOf(action, syntax) };
      return { ...withoutValues(action), ...effects };
    }),
  };
}

/** JSON may be unable to hold a default. A run needs no more of its operation than the kind. */
function withoutValues(action: CompiledAction): CompiledAction {
  if (action.kind === "backfill" || isJson(action.operation ?? null)) return action;
  const { kind } = action.operation!;
  return { ...action, operation: { kind } as SchemaOperation };
}

type CompiledAction = Exclude<Action, { readonly kind: "run" }>;

/** Whether JSON gives it back unchanged, except for missing fields. */
export function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every((one) => one !== undefined && isJson(one));
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((one) => one === undefined || isJson(one));
}
