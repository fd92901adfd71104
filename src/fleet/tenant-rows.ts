/** Makes our rows for a tenant in the transaction of its change: in its history and in the table of tenants. */
import type { Dialect } from "../core/language/dialect.ts";
import type { TenantRecord } from "../core/language/tenant-sql.ts";
import type { Direction } from "../core/model/migration.ts";
import type { Statement } from "../core/model/statement.ts";
import { isNumber, versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import { inSeconds } from "../engine/record.ts";
import type { FleetContext } from "./fleet-context.ts";
import { tenantEvent } from "./tenant-events.ts";
import { type TenantText, tenantText } from "./tenant-text.ts";

/** The work on the tenant. */
type Changes = { readonly steps: readonly Step[]; readonly direction: Direction };

/** `sets`: the new values of the tenant's row, as SQL by column. */
export function rowsOf(
  { steps, direction }: Changes,
  { tables, facts }: FleetContext,
  at: {
    readonly dialect: Dialect;
    readonly sets: Readonly<Record<string, string>>;
    readonly isKept: boolean;
    readonly ranAt?: At["ranAt"];
  },
): readonly TenantText[] {
  const { dialect, sets } = at;
  const { quote: q, quoteNamed } = dialect;
  const is = `${q("tenant")} ${dialect.operator("=")}`;
  const set = Object.entries(sets).map(([column, value]) => `${q(column)} = ${value}`);
  const update = `UPDATE ${quoteNamed(tables.tenants)} SET ${set.join(", ")} WHERE ${is}`;
  const row = tenantText((name) => `${update} ${name}`, at);
  if (steps.length === 0) return [row];
  if (direction === "up") return [historyOf(steps, { tables, facts, ...at }), row];
  const gone = steps.map(({ file }) => file.rowNumber ?? versionNumber(file.version));
  const isGone = dialect.isOneOf(q("version"), gone);
  const from = `DELETE FROM ${quoteNamed(tables.history)} WHERE ${isGone} AND ${is}`;
  return [tenantText((name) => `${from} ${name}`, at), row];
}

/** The history's rows of these steps, for the statement that claims the tenant. */
export function recordOf(
  steps: readonly Step[],
  { tables, facts }: Pick<FleetContext, "tables" | "facts">,
  dialect: Dialect,
): Pick<TenantRecord, "history" | "columns" | "rows"> {
  const rows = steps.map((step) => valuesOf(step, { dialect, facts }));
  return { history: tables.history, columns: rowColumns, rows };
}

/** The events of these rollbacks, for whoever looks at a tenant later. */
export function eventsOf(
  { steps, direction }: Changes,
  tenant: string,
  at: { readonly dialect: Dialect; readonly context: FleetContext },
): readonly Statement[] {
  if (direction === "up") return [];
  return steps.map(({ file: { version, name } }) =>
    tenantEvent(at, at.context, { tenant, version, name, direction, result: "rolled_back" }),
  );
}

/** The columns of a history's row, behind its tenant. */
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

type At = Pick<FleetContext, "tables" | "facts"> & {
  readonly dialect: Dialect;
  readonly isKept: boolean;
  /** When a step ran. Default: now. */
  readonly ranAt?: ((step: Step) => Date | undefined) | undefined;
};

function historyOf(steps: readonly Step[], at: At): TenantText {
  const { dialect, tables } = at;
  const columns = ["tenant", ...rowColumns].map(dialect.quote).join(", ");
  const into = `INSERT INTO ${dialect.quoteNamed(tables.history)} (${columns}) VALUES`;
  const rows = steps.map((step) => rowOf(step, at));
  return tenantText(
    (name) => `${into} ${rows.map((values) => `(${name}, ${values})`).join(", ")}`,
    at,
  );
}

function rowOf(step: Step, at: Pick<At, "dialect" | "facts" | "ranAt">): string {
  return valuesOf(step, at).join(", ");
}

function valuesOf(
  step: Step,
  { dialect, facts, ranAt }: Pick<At, "dialect" | "facts" | "ranAt">,
): readonly string[] {
  const at = ranAt?.(step);
  const { file, kept, phase, compatibleFrom } = step;
  const literal = (value: unknown) => (value === undefined ? "NULL" : dialect.literal(value));
  const values: Readonly<Record<(typeof rowColumns)[number], string>> = {
    version: versionNumber(file.version),
    inserted_at: at === undefined ? dialect.utcNow : literal(inSeconds(at)),
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
  return rowColumns.map((name) => values[name]);
}
