/**
 * The statements that other tools' code sends on its way back, carried in a release: the history
 * keeps them.
 */
import type { CarriedRepo } from "../build/carried.ts";
import { messageOf } from "../core/model/message-of.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import type { WaysBack } from "../shadow/code/ways-back.ts";
import type { CarriedRelease } from "./carried-release.ts";

/** The values of `--shadow` and `--shadow-sql`. */
export type GivenShadow = { readonly url: string | undefined; readonly sql: string | undefined };

/** `tell` says that code is going to run, before it does. */
type About = { readonly shadow: GivenShadow; readonly tell: (text: string) => void };
type Tried = { readonly repos: readonly CarriedRepo[]; readonly warnings: readonly Warning[] };

/**
 * Tries the ways back on a shadow. A warning names those that cannot be tried; they still need
 * their files.
 */
export async function withWaysBack(
  release: Release,
  { repos, compiled }: Pick<CarriedRelease, "repos" | "compiled">,
  about: About,
): Promise<Tried> {
  const tried: CarriedRepo[] = [];
  const warnings: Warning[] = [];
  for (const repo of repos) {
    const known = compiled.find(({ repo: name }) => name === repo.name);
    const found = known?.modules && (await waysBackOf(release, known, about));
    if (known?.modules === undefined || found === undefined) {
      tried.push(repo);
      continue;
    }
    const { sent, unknown } = found;
    const migrations = repo.migrations?.map((one) => {
      const sentBack = sent.get(one.file.version);
      return sentBack === undefined ? one : { ...one, sentBack };
    });
    tried.push({ ...repo, migrations });
    const { tool } = known.modules;
    const left = known.migrations.flatMap(({ file: { id, version } }) => {
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
  known: RepoInventory,
  { shadow: { url, sql: shadowSql }, tell }: About,
): Promise<WaysBack | undefined> {
  const { waysBack, hasCodeBack } = await import("../shadow/code/ways-back.ts");
  const { repo, migrations, modules } = known;
  const asked = migrations.filter(hasCodeBack);
  if (asked.length === 0) return undefined;
  const unable = (reason: string): WaysBack => ({
    sent: new Map(),
    unknown: new Map(asked.map(({ file }) => [file.version, reason])),
  });
  const { shadowPlaceOf } = await import("../shadow/code/sent-by-code.ts");
  const place = shadowPlaceOf(known, url);
  if (place.unable !== undefined) return unable(place.unable);
  tell(
    `* repo ${repo}: runs the code of ${modules?.tool} up and down on a shadow, to keep what its ways back send; --untried runs none\n`,
  );
  try {
    return await waysBack(release, { repo, ...place, migrations, shadowSql });
  } catch (error) {
    return unable(messageOf(error));
  }
}
