/** Reads and writes the events of one tenant, failures included. */
import type { Row, Session } from "../adapters/adapter.ts";
import { versionFromDigits } from "../core/model/migration.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { EventResult, HistoryEvent } from "../engine/event-table.ts";
import { ownRow } from "../engine/own-row.ts";
import type { FleetContext } from "./fleet-context.ts";
import { unlessMissing } from "./registry.ts";
import type { FleetTables } from "./tables.ts";

/** An event that the history itself does not show: a failure or a rollback. */
export type TenantEvent = {
  readonly tenant: string;
  readonly version: string;
  readonly name: string;
  readonly direction: "up" | "down";
  readonly result: "failed" | "rolled_back";
  readonly reason?: string | undefined;
};

/** The row of it. */
export function tenantEvent(
  { dialect }: Pick<Session, "dialect">,
  context: Pick<FleetContext, "tables" | "facts">,
  event: TenantEvent,
): Statement {
  const values = eventValues({ dialect }, context, event);
  return plain(ownRow(dialect, context.tables.events, values).sql);
}

/** The values of the event, as SQL by column. */
export function eventValues(
  { dialect }: Pick<Session, "dialect">,
  { facts }: Pick<FleetContext, "facts">,
  event: TenantEvent,
): Readonly<Record<string, string>> {
  const literal = (value: string | undefined) =>
    value === undefined ? "NULL" : dialect.literal(value);
  return {
    tenant: literal(event.tenant),
    version: versionNumber(event.version),
    name: literal(event.name),
    direction: literal(event.direction),
    result: literal(event.result),
    reason: literal(event.reason),
    happened_at: dialect.utcNow,
    run_id: literal(facts.runId),
    release: literal(facts.release),
    host: literal(facts.host),
  };
}

/** The last things that were done to this tenant, the newest first. */
export async function readTenantEvents(
  session: Session,
  { history, events }: FleetTables,
  { tenant, limit }: { readonly tenant: string; readonly limit: number },
): Promise<readonly HistoryEvent[]> {
  const { dialect } = session;
  const { quote: q, castToText, timeToText } = dialect;
  const select = (at: string, more: readonly string[], from: FleetTables["history"]) =>
    `SELECT ${timeToText(q(at))} AS ${q("happened")}, ${castToText(q("version"))} AS ${q("digits")}, ${["name", "run_id", "release", "host"].map(q).join(", ")}, ${more.join(", ")} FROM ${dialect.quoteNamed(from)} WHERE ${q("tenant")} ${dialect.operator("=")} ${dialect.literal(tenant)}`;
  const applied = select(
    "inserted_at",
    [`'up' AS ${q("direction")}`, `'applied' AS ${q("result")}`, `NULL AS ${q("reason")}`],
    history,
  );
  const told = select("happened_at", ["direction", "result", "reason"].map(q), events);
  const rows = [
    ...(await unlessMissing(session, () => session.query(applied))),
    ...(await unlessMissing(session, () => session.query(told))),
  ];
  return rows
    .map((row) => eventOf(row, history.name))
    .toSorted(
      (a, b) =>
        (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0) ||
        Number(BigInt(b.version) - BigInt(a.version)),
    )
    .slice(0, limit);
}

function eventOf(row: Row, history: string): HistoryEvent {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : undefined);
  const at = text("happened");
  return {
    ...{ history, version: versionFromDigits(String(row.digits)), name: text("name") },
    at: at === undefined ? undefined : new Date(`${at.replace(" ", "T")}Z`),
    direction: row.direction === "down" ? "down" : "up",
    result: String(row.result) as EventResult,
    ...{ reason: text("reason"), durationMs: undefined, runId: text("run_id") },
    ...{ release: text("release"), host: text("host"), fence: undefined },
  };
}
