import { ReleaseError } from "../../core/model/errors.ts";
import { pendingVersions } from "../../core/plan/status.ts";
import type { RepoStatus } from "../../release/status.ts";
import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { tenantStatusFlags } from "../fleet-flags.ts";
import { given } from "../given.ts";
import { placeFlags, placeOptions, repoFlag } from "../run-flags.ts";

/**
 * `status`: shows the migrations that have run, those that have not, and those that run now. Takes
 * no lock and writes nothing.
 */
export const status = defineCommand({
  flags: {
    repo: repoFlag,
    ...placeFlags,
    data: flag("--data", "include data migrations"),
    long: flag("--long", "show when each ran"),
    plain: flag("--plain", "show only what is up and down"),
    watch: flag("--watch", "show it again every two seconds, until Ctrl-C"),
    ...tenantStatusFlags,
    check: flag("--check", "exit 3 if something is pending"),
  },
  async run({ flags, context }) {
    const { repo, data, check, plain, long, watch, behind } = flags;
    const tenants = flags.tenants ?? behind;
    const options = {
      ...placeOptions(flags, context.world.cwd),
      ...given({ repo, data, plain, long, tenants, behind }),
    };
    if (watch === true) {
      const { watchStatus } = await import("../watch-status.ts");
      return watchStatus(options, context);
    }
    const release = await context.release();
    const repos = await release.migrationStatus(options);
    const pending = check ? repos.map(pendingOf).filter((one) => one.pending.length > 0) : [];
    const unread = repos.flatMap(({ repo, tenants: { unreachable = [] } = {} }) =>
      unreachable.length === 0
        ? []
        : new ReleaseError("tenants_unreachable", { repo, unreachable }),
    );
    if (unread.length > 0) return { data: { repos }, told: unread[0]! };
    if (pending.length === 0) return { data: { repos } };
    return { data: { repos }, told: new ReleaseError("migrations_pending", { repos: pending }) };
  },
});

function pendingOf({ repo, migrations, dataMigrations = [], tenants }: RepoStatus) {
  const pending = pendingVersions([...migrations, ...dataMigrations]);
  return { repo, pending: [...pending, ...(tenants?.pending ?? [])] };
}
