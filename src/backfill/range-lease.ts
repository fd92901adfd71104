/** A range as a worker's own for some time: others see the lease, also where no row lock reaches them. */
import type { Session } from "../adapters/adapter.ts";
import { ledgerTables } from "../core/backfill/ledger.ts";
import { type Claim, isRange } from "./claim.ts";
import type { BackfillTarget } from "./target.ts";

type Of = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly run: { readonly id: string };
};

/** A claim with the number of its lease. */
export type RangeLease = { readonly claim: Claim; readonly token: string };

/** The number of the next lease on a range. */
export function nextToken({ token }: Claim): string {
  return String(BigInt(token) + 1n);
}

/**
 * Leases a range that this transaction has locked; `false` where it is another's by now. The lock alone is no proof: a
 * node of a cluster may have ended the transaction for what another node committed.
 */
export async function takeLease(
  of: Of,
  { claim, token }: RangeLease,
  ms: number,
): Promise<boolean> {
  const { dialect } = of.session;
  const q = dialect.quote;
  const changed = await of.session.change(
    `UPDATE ${rangesOf(of)} SET ${q("token")} = ${token}, ${q("leased_until_ms")} = ${until(of, ms)} WHERE ${isRange(dialect, { run: of.run.id, ord: claim.ord })} AND ${q("token")} ${dialect.operator("=")} ${claim.token}`,
  );
  return changed > 0;
}

/** Whether the lease is still this worker's, and then for longer. */
export async function renewLease(of: Of, lease: RangeLease, ms: number): Promise<boolean> {
  return (await setUntil(of, lease, until(of, ms))) > 0;
}

/** Lets others have the range at once. */
export async function giveBack(of: Of, lease: RangeLease): Promise<void> {
  await setUntil(of, lease, "0");
}

function setUntil(of: Of, { claim, token }: RangeLease, value: string): Promise<number> {
  const { dialect } = of.session;
  return of.session.change(
    `UPDATE ${rangesOf(of)} SET ${dialect.quote("leased_until_ms")} = ${value} WHERE ${isRange(dialect, { run: of.run.id, ord: claim.ord })} AND ${dialect.quote("token")} ${dialect.operator("=")} ${token}`,
  );
}

function until({ session: { dialect } }: Of, ms: number): string {
  return `${dialect.backfill.nowMs} ${dialect.operator("+")} ${ms}`;
}

function rangesOf({ session, target }: Of): string {
  return session.dialect.quoteNamed(ledgerTables(target.ref.history).ranges);
}
