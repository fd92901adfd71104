/** Where the history is when another tool, or the application, has a table of the usual name. */
import { isReleaseError, type ReleaseError, refuse } from "../core/model/errors.ts";
import { warning } from "../core/model/warnings.ts";
import type { Emit } from "../engine/events.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { elsewhere, usual } from "./history-names.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";

/**
 * Handles a refusal because the table of the usual name is another's, and the user named none. The
 * repos concerned keep their history elsewhere from now on, and the command can run again: such a
 * refusal comes before anything.
 *
 * @throws the refusal, where it has another reason; `isThere` may say that nothing is elsewhere
 */
export async function settleElsewhere(
  error: unknown,
  repos: readonly Repo[],
  {
    emit,
    isThere = async () => true,
  }: { readonly emit: Emit; readonly isThere?: ((repo: Repo) => Promise<boolean>) | undefined },
): Promise<void> {
  const settled = await Promise.all(
    repos.map(async (repo) => {
      const refused = refusalOf(error, repo);
      if (refused === undefined) return undefined;
      const { instead } = refused;
      if (instead !== undefined) return { repo, instead, found: { found: true } as const };
      return (await isThere(repo)) ? { repo, instead: elsewhere, found: {} } : undefined;
    }),
  );
  const moving = settled.filter((one) => one !== undefined);
  if (moving.length === 0) throw error;
  for (const { repo, instead, found } of moving) {
    const { name, historyTable: table } = repo;
    Object.assign(repo, { historyTable: instead });
    const told = warning("history_elsewhere", { table, instead, ...found });
    emit({ type: "warning", repo: name, ...told });
  }
}

/** Throws at once the errors that `settleElsewhere` settles, so that nobody reads them twice. */
export function refuseElsewhere(errors: readonly ReleaseError[], repos: readonly Repo[]): void {
  const settled = errors.filter((error) => repos.some((repo) => refusalOf(error, repo)));
  refuse(settled);
}

/** Whether the other table has rows. */
export async function isElsewhere(
  repo: Repo,
  prefix: string | undefined,
  context: Omit<Parameters<typeof openSession>[1], "role">,
): Promise<boolean> {
  const session = await openSession(repo, { role: "work", reads: "quietly", ...context });
  try {
    const { historyTable } = laneOf({ ...repo, historyTable: elsewhere }, "schema", { prefix });
    const place = { table: historyTable, repo: repo.name };
    return (await readHistory(session, place, [])).length > 0;
  } finally {
    await session.close();
  }
}

/** The names under which a repo may have kept its history: its own one first, and none that another repo has named. */
export function historyNames(repo: Repo): readonly string[] {
  const { historyTable, historyTableGiven, elsewhereTaken } = repo;
  if (historyTableGiven) return [historyTable];
  return [...new Set([historyTable, usual, ...(elsewhereTaken ? [] : [elsewhere])])];
}

/** The reason to use another table for a repo; with `instead` where Slipway found its name. */
function refusalOf(error: unknown, repo: Repo): { readonly instead?: string } | undefined {
  if (repo.historyTableGiven || repo.elsewhereTaken || !isReleaseError(error)) return undefined;
  const several = error as ReleaseError<"several">;
  const errors: readonly ReleaseError[] =
    error.code === "several" ? several.details.errors : [error];
  for (const one of errors) {
    if (isLost(one) && one.details.repo === repo.name && one.details.instead !== undefined)
      return { instead: one.details.instead };
    const isTaken = isForeign(one) && one.details.taken && one.details.repo === repo.name;
    if (isTaken && repo.historyTable !== elsewhere) return {};
  }
  return undefined;
}

function isForeign(error: ReleaseError): error is ReleaseError<"history_foreign"> {
  return error.code === "history_foreign";
}

function isLost(error: ReleaseError): error is ReleaseError<"history_lost"> {
  return error.code === "history_lost";
}
