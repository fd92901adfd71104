import type { RepoReadiness } from "../../release/readiness.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { seconds } from "../parse.ts";
import { placeFlags, repoFlag } from "../run-flags.ts";

/** `wait`: ends when this release can start. Takes no lock, writes nothing and needs only SELECT. */
export const wait = defineCommand({
  flags: {
    repo: repoFlag,
    prefix: placeFlags.prefix,
    timeout: value("--timeout <seconds>", "how long to wait; default 600", seconds),
    tenants: flag("--tenants", "also wait for tenants with their own file or database"),
    sharedOnly: flag("--shared-only", "wait only for the shared part, not for tenants"),
    allowNewer: flag("--allow-newer", "start even if the database is too new for this release"),
  },
  async run({ flags, context }) {
    const { repo, prefix, timeout: timeoutMs, allowNewer, sharedOnly } = flags;
    const tenants = sharedOnly === true ? false : flags.tenants;
    const release = await context.release();
    const repos = await release.wait(given({ repo, prefix, timeoutMs, allowNewer, tenants }));
    return { data: { repos }, text: repos.map(textOf).join("") };
  },
});

function textOf({ repo, later, tooNew, tenants }: RepoReadiness): string {
  const { quarantined = 0 } = tenants ?? {};
  const notes = [
    ...(tenants === undefined ? [] : [`${tenants.tenants} tenants`]),
    ...(quarantined === 0 ? [] : [`${quarantined} left alone after a failure`]),
    ...(later.length > 0 ? [`${later.length} pending for after the deploy`] : []),
    ...(tooNew.length > 0 ? [`${tooNew.length} newer than this release`] : []),
  ];
  return `repo ${repo}: ready${notes.length > 0 ? ` (${notes.join(", ")})` : ""}\n`;
}
