/** Repos of one database that keep their history in one table, which knows a migration by its version alone. */
import { dotted } from "../core/language/describe.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Repo } from "./config.ts";
import { type LaneName, laneOf } from "./lane.ts";
import { listMigrations } from "./prepare/read.ts";
import type { MigrateRequest } from "./requests.ts";
import type { PrepareContext } from "./run-world.ts";

/** Warns for each repo where another one has a version and means another migration by it. */
export async function sharedHistories(
  request: MigrateRequest,
  laneName: LaneName,
  { root }: Pick<PrepareContext, "root">,
): Promise<ReadonlyMap<string, readonly Warning[]>> {
  const found = new Map<string, readonly Warning[]>();
  const placeOf = (repo: Repo) => laneOf(repo, laneName, request.options).historyTable;
  const groups = Map.groupBy(request.repos, (repo) =>
    JSON.stringify([repo.adapter.describe(), placeOf(repo)]),
  );
  for (const repos of groups.values()) {
    const [first] = repos;
    if (first === undefined || repos.length < 2 || isInMemory(first)) continue;
    const table = dotted(placeOf(first));
    const seen = new Map<string, { readonly repo: string; readonly id: string }>();
    for (const repo of repos) {
      const lane = laneOf(repo, laneName, request.options);
      // The preparation of a repo refuses what cannot be listed.
      const { files } = await listMigrations(repo, lane, root).catch(() => ({ files: [] }));
      const others = files.flatMap(({ version, id }) => {
        const other = seen.get(version);
        if (other === undefined) seen.set(version, { repo: repo.name, id });
        return other === undefined || other.id === id ? [] : [{ id, other }];
      });
      const [one] = others;
      if (one === undefined) continue;
      const { id, other } = one;
      const details = { repo: repo.name, table, id, other, more: others.length - 1 };
      found.set(repo.name, [warning("history_shared", details)]);
    }
  }
  return found;
}

/** Each that is opened is another database. */
function isInMemory({ adapter }: Repo): boolean {
  return /memory/i.test(adapter.describe());
}
