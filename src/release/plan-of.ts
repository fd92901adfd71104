/** What a prepared run looks like to whoever only asks. */
import { rollout } from "../core/plan/rollout.ts";
import { pendingData } from "./data-lane.ts";
import type { LaneName } from "./lane.ts";
import type { PreparedRun } from "./prepared-run.ts";
import type { RepoPlan } from "./release.ts";

/** The plan of one repo, with its rollout where there is one. Its session must still be open. */
export async function planOf(
  run: PreparedRun,
  lane: LaneName,
  place: { readonly root: string; readonly prefix?: string | undefined },
): Promise<RepoPlan> {
  const { repo, session, direction, steps, warnings } = run;
  const planned = { repo: repo.name, direction, steps, warnings };
  if (lane === "data" || direction === "down") return planned;
  const data = await pendingData({ repo, session, root: place.root, prefix: place.prefix });
  return { ...planned, rollout: rollout(steps, data, session.dialect.syntax) };
}
