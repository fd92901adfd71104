import type { MigrateDataOptions } from "../../release/options.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { duration } from "../parse.ts";
import { planText } from "../plan-text.ts";
import { forwardFlags, migrateOptions } from "./migrate.ts";

/** `migrate-data`: runs pending data migrations; a backfill goes on where it was. */
export const migrateData = defineCommand({
  flags: {
    ...forwardFlags,
    for: value("--for <duration>", "work on backfills for so long and stop: 90s, 5m, 1h", duration),
    acceptChanged: flag("--accept-changed", "go on with a backfill that was edited since it began"),
  },
  async run({ flags, context }) {
    const options = migrateOptions(flags, context);
    const release = await context.release();
    if (flags.dryRun) {
      const repos = await release.plan({ ...options, data: true });
      return { data: { repos }, text: planText(repos) };
    }
    const more = given({ forMs: flags.for, acceptChanged: flags.acceptChanged });
    const repos = await release.migrateData({ ...options, ...more } as MigrateDataOptions);
    return { data: { repos } };
  },
});
