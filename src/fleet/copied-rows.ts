/** Reads what ran on a tenant from the plans that were kept, and gives a new tenant the same history: no file is read for it. */
import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import type { StoredAction } from "../core/plan/stored-plan-data.ts";
import { planOfText } from "../engine/kept-plan.ts";
import type { FleetContext } from "./fleet-context.ts";
import { rowColumns } from "./tenant-rows.ts";
import { type TenantText, tenantText } from "./tenant-text.ts";

/** All that ran on a tenant; `undefined` where the plan of one of its migrations was not kept, or has a shape that nobody knows. */
export async function keptActions(
  session: Session,
  { history, plans }: FleetContext["tables"],
  tenant: string,
): Promise<readonly StoredAction[] | undefined> {
  const { quote: q, castToText, quoteNamed, operator, literal } = session.dialect;
  const is = operator("=");
  const same = ["version", "meaning"].map((name) => `p.${q(name)} ${is} h.${q(name)}`);
  const rows = await session.query(
    `SELECT ${castToText(`p.${q("plan")}`)} AS ${q("plan")} FROM ${quoteNamed(history)} h LEFT JOIN ${quoteNamed(plans)} p ON ${same.join(" AND ")} WHERE h.${q("tenant")} ${is} ${literal(tenant)}`,
  );
  const actions: StoredAction[] = [];
  for (const { plan } of rows) {
    const read = plan === null ? undefined : await planOfText(String(plan));
    if (read === undefined) return undefined;
    actions.push(...read.up.actions);
  }
  return actions;
}

/** The rows of our tables for a new tenant: the history of `from` as of now, and by this run. */
export function copiedRows(
  from: string,
  { tables, facts }: Pick<FleetContext, "tables" | "facts">,
  dialect: Dialect,
): readonly TenantText[] {
  const { quote: q, quoteNamed, literal } = dialect;
  const ofFrom = `${q("tenant")} ${dialect.operator("=")} ${literal(from)}`;
  const others: Readonly<Partial<Record<string, string>>> = {
    inserted_at: dialect.utcNow,
    run_id: literal(facts.runId),
    release: literalOrNull(facts.release, dialect),
    host: literalOrNull(facts.host, dialect),
  };
  const history = quoteNamed(tables.history);
  const values = rowColumns.map((name) => others[name] ?? q(name)).join(", ");
  const columns = ["tenant", ...rowColumns].map(q).join(", ");
  const states = quoteNamed(tables.tenants);
  const kept = ["versions", "newest"].map(
    (name) => `${q(name)} = (SELECT ${q(name)} FROM ${states} WHERE ${ofFrom})`,
  );
  const set = [...kept, `${q("state")} = 'ready'`, `${q("run_id")} = ${literal(facts.runId)}`];
  const reasons = ["reason", "failed_version", "failed_name", "failed_at"];
  const none = reasons.map((name) => `${q(name)} = NULL`);
  const texts = [
    (name: string) =>
      `INSERT INTO ${history} (${columns}) SELECT ${name}, ${values} FROM ${history} WHERE ${ofFrom}`,
    (name: string) =>
      `UPDATE ${states} SET ${[...set, ...none].join(", ")} WHERE ${q("tenant")} ${dialect.operator("=")} ${name}`,
  ];
  return texts.map((text) => tenantText(text, { isKept: false }));
}

function literalOrNull(value: string | undefined, { literal }: Dialect): string {
  return value === undefined ? "NULL" : literal(value);
}
