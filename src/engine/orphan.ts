/** Work that a killed process left running on the server. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { warning } from "../core/model/warnings.ts";
import type { JournalLine } from "./journal.ts";
import type { RunContext } from "./run-context.ts";

const pauseMs = 500;

/**
 * Waits until the server has ended the statement of the interrupted run, because until then nobody can tell how it
 * ends. Then it ends the connection of that run too, so that nothing more comes over it.
 *
 * @throws {ReleaseError} `interrupted` when the run is to stop
 */
export async function waitForOrphan(
  session: Session,
  { pid, sql }: Pick<JournalLine, "pid"> & { readonly sql: string | undefined },
  context: RunContext,
): Promise<void> {
  const { repo, edge, fence } = context;
  const look = async () =>
    (pid === undefined ? undefined : await session.runningOn?.(pid, sql)) ??
    (await fence?.endEarlier?.());
  let told = false;
  for (let running = await look(); running !== undefined; running = await look()) {
    if (!told)
      edge.emit({ type: "warning", repo, ...warning("earlier_run_works", { pid, running }) });
    told = true;
    await edge.sleep(pauseMs, edge.signal);
    if (edge.signal.aborted)
      throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
  }
}
