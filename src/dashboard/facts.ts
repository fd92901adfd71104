/** Reads each repo by itself: one that cannot be read keeps none of the others from being shown. */
import { isReleaseError, type RepoHistory, type RepoStatus } from "../index.ts";
import type { DashboardRelease } from "./dashboard-options.ts";
import type { PageReading } from "./reader.ts";

/** Why something could not be read. */
export type Wrong = { readonly message: string; readonly hint: string };

/** A repo as it is now. */
export type RepoView = {
  readonly repo: string;
  readonly target: string;
  readonly status?: RepoStatus;
  readonly events: RepoHistory["events"];
  readonly wrong?: Wrong;
};

/** The maximum number of events in the time line. */
const eventsShown = 60;

export type Where = { readonly prefix?: string };

/** Every repo: its status, and its last events. */
export function readRepos(
  look: PageReading,
  of: DashboardRelease,
  where: Where,
): Promise<readonly RepoView[]> {
  return Promise.all(
    of.repos().map(async (repo): Promise<RepoView> => {
      const about = { repo, target: of.address(repo) };
      try {
        const [status] = await look.release.migrationStatus({ repo, data: true, ...where });
        const [history] = await look.release.history({ repo, limit: eventsShown, ...where });
        return {
          ...about,
          ...(status === undefined ? {} : { status }),
          events: history?.events ?? [],
        };
      } catch (error) {
        return { ...about, events: [], wrong: wrongOf(error) };
      }
    }),
  );
}

/** The message and the hint of an error, as a person reads them. */
export function wrongOf(error: unknown): Wrong {
  if (isReleaseError(error)) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: "" };
}
