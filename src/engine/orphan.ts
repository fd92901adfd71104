/** Work that a killed process left running on the server. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/errors.ts";
import type { JournalLine } from "./journal.ts";
import type { RunContext } from "./run.ts";

const pauseMs = 500;

/**
 * Waits until the server has ended what the interrupted run asked of it, because until then nobody can tell how it ends.
 *
 * @throws {ReleaseError} `interrupted` when the run is to stop
 */
export async function waitForOrphan(
  session: Session,
  { pid, sql }: Pick<JournalLine, "pid"> & { readonly sql: string | undefined },
  context: RunContext,
): Promise<void> {
  const { repo, edge } = context;
  let told = false;
  while (pid !== undefined) {
    const running = await session.runningOn(pid, sql);
    if (running === undefined) return;
    if (!told)
      edge.emit({
        type: "warning",
        repo,
        message: `the server still works for a run that was stopped (pid ${pid}): ${running}; waiting for its end`,
      });
    told = true;
    await edge.sleep(pauseMs, edge.signal);
    if (edge.signal.aborted)
      throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
  }
}
