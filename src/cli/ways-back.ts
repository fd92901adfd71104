/** What the code of other tools sends on its way back, carried in a release: the history keeps it. */
import type { CarriedRepo } from "../build/carried.ts";
import { messageOf } from "../core/model/message-of.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import type { WaysBack } from "../shadow/code/ways-back.ts";
import type { CarriedRelease } from "./carried-release.ts";

/** What `--shadow` and `--shadow-sql` say. */
export type GivenShadow = { readonly url: string | undefined; readonly sql: string | undefined };

type Tried = { readonly repos: readonly CarriedRepo[]; readonly warnings: readonly Warning[] };

/** Tries it on a shadow. What cannot be tried is told, and goes on needing its file. */
export async function withWaysBack(
  release: Release,
  { repos, compiled }: Pick<CarriedRelease, "repos" | "compiled">,
  shadow: GivenShadow,
): Promise<Tried> {
  const tried: CarriedRepo[] = [];
  const warnings: Warning[] = [];
  for (const repo of repos) {
    const about = compiled.find(({ repo: name }) => name === repo.name);
    const found = about?.modules && (await waysBackOf(release, about, shadow));
    if (about?.modules === undefined || found === undefined) {
      tried.push(repo);
      continue;
    }
    const { sent, unknown } = found;
    const migrations = repo.migrations?.map((one) => {
      const sentBack = sent.get(one.file.version);
      return sentBack === undefined ? one : { ...one, sentBack };
    });
    tried.push({ ...repo, migrations });
    const { tool } = about.modules;
    const left = about.migrations.flatMap(({ file: { id, version } }) => {
      const reason = unknown.get(version);
      return reason === undefined ? [] : [{ id, reason }];
    });
    if (left.length > 0)
      warnings.push(warning("way_back_unknown", { repo: repo.name, tool, migrations: left }));
  }
  return { repos: tried, warnings };
}

/** `undefined`: no way back has code. */
async function waysBackOf(
  release: Release,
  about: RepoInventory,
  { url, sql: shadowSql }: GivenShadow,
): Promise<WaysBack | undefined> {
  const { waysBack, hasCodeBack } = await import("../shadow/code/ways-back.ts");
  const { repo, migrations } = about;
  const asked = migrations.filter(hasCodeBack);
  if (asked.length === 0) return undefined;
  const unable = (reason: string): WaysBack => ({
    sent: new Map(),
    unknown: new Map(asked.map(({ file }) => [file.version, reason])),
  });
  const { shadowPlaceOf } = await import("../shadow/code/sent-by-code.ts");
  const place = shadowPlaceOf(about, url);
  if (place.unable !== undefined) return unable(place.unable);
  try {
    return await waysBack(release, { repo, ...place, migrations, shadowSql });
  } catch (error) {
    return unable(messageOf(error));
  }
}
