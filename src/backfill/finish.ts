/** The end of a run: rows that were busy once more, no dead letters, the postcondition; then it is finished. */

import type { Row } from "../adapters/adapter.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import { interruptible } from "../engine/interruptible.ts";
import type { BackfillEnd } from "./backfill-end.ts";
import { countDead } from "./dead.ts";
import type { FinishContext } from "./finish-context.ts";
import { changeRun, readRuns } from "./ledger.ts";
import { withValues } from "./limits.ts";
import { retryDead } from "./retry.ts";
import { refuseReplacedTable } from "./same-table.ts";

import { snapshotTable } from "./target.ts";

/** Several processes may come here at once: whoever is first says how it ended, and the others read it. */
export async function finish(context: FinishContext): Promise<BackfillEnd> {
  const { session, target, run, edge } = context;
  const { ref } = target;
  await retryDead(context, { kind: "busy" });
  const reason = await whyNot(context);
  await refuseReplacedTable(session, target, run);
  if (edge.signal.aborted) return { kind: "interrupted" };
  if (reason === undefined) {
    if (target.backfill.snapshot)
      await session.execute([
        plain(`DROP TABLE IF EXISTS ${session.dialect.quoteNamed(snapshotTable(ref))}`),
      ]);
    await changeRun(session, ref, { from: ["running"], state: "finished", reason: null });
  } else await changeRun(session, ref, { from: ["running"], state: "failed", reason });
  const [now] = await readRuns(session, ref.history, ref.version);
  if (now?.id !== run.id) return { kind: "stopped", state: "cancelled", reason: undefined };
  if (now.state === "finished") return { kind: "finished" };
  return { kind: "stopped", state: now.state, reason: now.reason };
}

async function whyNot({ session, target, run, edge }: FinishContext): Promise<string | undefined> {
  if (edge.signal.aborted) return undefined;
  const dead = await countDead(session, target.ref, run.id);
  if (dead > 0) return `${dead} row${dead === 1 ? "" : "s"} could not be changed`;
  const { verify } = target.backfill;
  if (verify === undefined) return undefined;
  try {
    const ask = () => withValues(session, target, () => session.query(verify));
    const [row] = await interruptible({ session, edge, lease: undefined }, ask);
    return row === undefined ? undefined : `verify found a row: ${rowWords(row)}`;
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    return `verify failed: ${messageOf(error)}`;
  }
}

function rowWords(row: Row): string {
  return JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value));
}
