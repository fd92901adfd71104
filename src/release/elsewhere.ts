/** Where the history is when another tool, or the application, has a table of the usual name. */
import { isReleaseError, type ReleaseError, refuse } from "../core/model/errors.ts";
import { warning } from "../core/model/warnings.ts";
import type { Emit } from "../engine/events.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { openSession } from "./open.ts";

/** The name that nobody else uses. */
export const elsewhere = "slipway_migrations";

/**
 * Where a command was refused because the table of the usual name is another's, and the user named none, the repos
 * concerned keep their history elsewhere from now on, and it can be done again: such a refusal comes before anything.
 *
 * @throws what it was refused with, where that is something else; `isThere` may say that nothing is elsewhere
 */
export async function settleElsewhere(
  error: unknown,
  repos: readonly Repo[],
  {
    emit,
    isThere = async () => true,
  }: { readonly emit: Emit; readonly isThere?: ((repo: Repo) => Promise<boolean>) | undefined },
): Promise<void> {
  const taken = repos.filter((repo) => isTaken(error, repo));
  const there = await Promise.all(taken.map(isThere));
  const moving = taken.filter((_, i) => there[i]);
  if (moving.length === 0) throw error;
  for (const repo of moving) {
    const { name, historyTable: table } = repo;
    Object.assign(repo, { historyTable: elsewhere });
    const told = warning("history_elsewhere", { table, instead: elsewhere });
    emit({ type: "warning", repo: name, ...told });
  }
}

/** Throws at once what `settleElsewhere` settles, so that nothing is said twice. */
export function refuseElsewhere(errors: readonly ReleaseError[], repos: readonly Repo[]): void {
  const settled = errors.filter((error) => repos.some((repo) => isTaken(error, repo)));
  refuse(settled);
}

/** Whether something has run that is written there. */
export async function isElsewhere(
  repo: Repo,
  context: Omit<Parameters<typeof openSession>[1], "role">,
): Promise<boolean> {
  const session = await openSession(repo, { role: "work", ...context });
  try {
    const place = { table: { name: elsewhere }, repo: repo.name };
    return (await readHistory(session, place, [])).length > 0;
  } finally {
    await session.close();
  }
}

/** The names under which a repo may have kept its history. */
export function historyNames({ historyTable, historyTableGiven }: Repo): readonly string[] {
  return historyTableGiven ? [historyTable] : [...new Set([historyTable, elsewhere])];
}

function isTaken(error: unknown, repo: Repo): boolean {
  if (repo.historyTableGiven || repo.historyTable === elsewhere || !isReleaseError(error))
    return false;
  const several = error as ReleaseError<"several">;
  const errors: readonly ReleaseError[] =
    error.code === "several" ? several.details.errors : [error];
  return errors.some(
    (one) => isForeign(one) && one.details.taken && one.details.repo === repo.name,
  );
}

function isForeign(error: ReleaseError): error is ReleaseError<"history_foreign"> {
  return error.code === "history_foreign";
}
