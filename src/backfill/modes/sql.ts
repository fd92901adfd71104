/** Batches that are one statement. Pure. */
import type { Session } from "../../adapters/adapter.ts";
import type { BackfillMode } from "../../core/backfill/backfill.ts";
import type { BackfillTarget } from "../target.ts";

type Mode<Kind extends BackfillMode["kind"]> = Extract<BackfillMode, { readonly kind: Kind }>;

export function setSql(
  { dialect }: Pick<Session, "dialect">,
  { backfill, condition }: BackfillTarget,
  { mode, rows }: { readonly mode: Mode<"set">; readonly rows: string },
): string {
  const set = Object.entries(mode.set).map(
    ([column, value]) => `${dialect.quote(column)} = ${dialect.literal(value)}`,
  );
  return `UPDATE ${dialect.quoteNamed(backfill.table)} SET ${set.join(", ")} WHERE ${rows}${condition}`;
}

export function insertSql(
  { dialect }: Pick<Session, "dialect">,
  { backfill, condition }: BackfillTarget,
  { mode, rows }: { readonly mode: Mode<"insert">; readonly rows: string },
): string {
  const { into, columns, onConflict } = mode.insert;
  const names = Object.keys(columns).map((column) => dialect.quote(column));
  const values = Object.values(columns).map((value) => dialect.literal(value));
  const skip =
    onConflict === undefined
      ? ""
      : ` ${dialect.backfill.skipConflict?.(names[0] ?? "") ?? "ON CONFLICT DO NOTHING"}`;
  return `INSERT INTO ${dialect.quoteNamed(into)} (${names.join(", ")}) SELECT ${values.join(", ")} FROM ${dialect.quoteNamed(backfill.table)} WHERE ${rows}${condition}${skip}`;
}
