import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { path } from "../parse.ts";
import { repoFlag } from "../run-flags.ts";
import { findSeeds, runSeedsFiles, seedsAt, seedsLooked, seedsText } from "../seeds.ts";

/** `seed`: fills databases by `db/<repo>/seeds.ts`. */
export const seed = defineCommand({
  flags: {
    repo: repoFlag,
    file: value("--file <path>", "run this file instead; one repo only", path),
  },
  async run({ flags, context }) {
    const release = await context.release();
    const repos = flags.repo ?? release.repos();
    const [only, second] = repos;
    if (flags.file !== undefined && second !== undefined)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "seed --file" });
    const files =
      flags.file === undefined || only === undefined
        ? findSeeds(repos, context)
        : [seedsAt(only, flags.file, context)];
    if (files.length === 0)
      throw new DevelopmentError("seeds_missing", { looked: seedsLooked(repos) });
    const seeded = await runSeedsFiles(files, { release, context });
    return { data: { seeded }, text: seedsText(seeded) };
  },
});
