import { defineCommand } from "../command.ts";
import { setUp, setUpText } from "../from-nothing.ts";
import { repoFlag } from "../run-flags.ts";

/** `setup`: create, migrate and seed in one, for a fresh clone. Doing it twice does no harm where seeds do none. */
export const setup = defineCommand({
  flags: { repo: repoFlag },
  async run({ flags, context }) {
    const release = await context.release();
    const done = await setUp(flags.repo ?? release.repos(), { release, context });
    return { data: done, text: setUpText(done) };
  },
});
