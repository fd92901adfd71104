/** The way back of each migration of tenants: kept once, whatever their number. */
import type { Session } from "../adapters/adapter.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import { loadCompression, planOfText, planText } from "../engine/kept-plan.ts";
import type { FleetContext } from "./fleet-context.ts";
import { unlessMissing } from "./registry.ts";

/** Before the first tenant gets them: which release rolls one back nobody knows. */
export async function keepPlans(
  session: Session,
  { tables, sql }: Pick<FleetContext, "tables" | "sql">,
  steps: readonly Step[],
): Promise<void> {
  if (steps.length === 0) return;
  const { quote: q, quoteNamed, literal, castToText } = session.dialect;
  const stored = await session.query(
    `SELECT ${castToText(q("version"))} AS ${q("version")}, ${q("meaning")} FROM ${quoteNamed(tables.plans)}`,
  );
  const known = new Set(stored.map((row) => planKey(String(row.version), String(row.meaning))));
  const missing = steps.filter(
    ({ file, kept }) =>
      kept !== undefined &&
      !known.has(planKey(versionNumber(file.version), meaningChecksum(kept.meaning))),
  );
  await loadCompression(missing);
  const rows = missing.flatMap(({ file, kept }) => {
    if (kept === undefined) return [];
    const meaning = literal(meaningChecksum(kept.meaning));
    const plan = literal(planText(kept.plan));
    return [`(${versionNumber(file.version)}, ${meaning}, ${literal(file.name)}, ${plan})`];
  });
  const columns = ["version", "meaning", "name", "plan"].map(q).join(", ");
  for (let i = 0; i < rows.length; i += mostRows)
    await session.query(
      `INSERT INTO ${quoteNamed(tables.plans)} (${columns}) VALUES ${rows.slice(i, i + mostRows).join(", ")}${sql.ifNew}`,
    );
}

const mostRows = 100;

/** The kept plans of these, by version and meaning. */
export async function readKeptPlans(
  session: Session,
  { plans }: FleetContext["tables"],
): Promise<ReadonlyMap<string, StoredPlan>> {
  const { quote: q, castToText, quoteNamed } = session.dialect;
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${castToText(q("version"))} AS ${q("version")}, ${q("meaning")}, ${castToText(q("plan"))} AS ${q("plan")} FROM ${quoteNamed(plans)}`,
    ),
  );
  const found = new Map<string, StoredPlan>();
  for (const { version, meaning, plan } of rows) {
    const read = await planOfText(String(plan));
    if (read !== undefined) found.set(planKey(String(version), String(meaning)), read);
  }
  return found;
}

/** Under which one is found. */
export function planKey(versionDigits: string, meaning: string): string {
  return `${versionDigits} ${meaning}`;
}
