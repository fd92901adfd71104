/** Tries dead letters again, each in a transaction of its own. */
import { claimDead, forgetDead, noteFailure, readDead } from "./dead.ts";
import type { FinishContext } from "./finish.ts";
import { apply } from "./modes/apply.ts";
import { inTransaction } from "./statement.ts";

const atOnce = 1_000;

/** Gives how many went well and how many failed again. Somebody else's tries are left to them. */
export async function retryDead(
  context: FinishContext,
  which: { readonly kind?: "busy" },
): Promise<{ readonly changed: number; readonly failed: number }> {
  const { session, target, run, edge } = context;
  const rows = await readDead(session, target.ref, { run: run.id, limit: atOnce, ...which });
  let changed = 0;
  let failed = 0;
  for (const { key } of rows) {
    if (edge.signal.aborted) break;
    try {
      const did = await inTransaction(session, async () => {
        if (!(await claimDead(session, target.ref, { run: run.id, key }))) return false;
        const applied = await apply(session, target, target.key.equals(key));
        const [bad] = applied.failed;
        if (bad !== undefined) throw new Error(bad.error);
        await session.execute([forgetDead(session, target.ref, { run: run.id, key })]);
        return true;
      });
      if (did) changed += 1;
    } catch (error) {
      const kind = session.errorKind(error);
      if (kind === "connection_lost") throw error;
      const words = error instanceof Error ? error.message : String(error);
      const failure = {
        key,
        kind:
          kind === "lock_timeout" || kind === "deadlock" ? ("busy" as const) : ("error" as const),
        error: words,
      };
      await session.execute([noteFailure(session, target.ref, { run: run.id, failure })]);
      failed += 1;
    }
  }
  return { changed, failed };
}
