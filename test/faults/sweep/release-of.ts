/** The release of a case: the same in the process that is killed and in the one that goes on. */
import type { Adapter } from "../../../src/adapters/adapter.ts";
import { defineRelease, silent } from "../../../src/index.ts";
import type { SweepCase } from "./cases.ts";

export type SweepDirection = "up" | "down";

/** Goes all the way up, or all the way down. */
export async function runCase(
  { migrations, data }: Pick<SweepCase, "migrations" | "data">,
  adapter: Adapter,
  direction: SweepDirection,
): Promise<void> {
  const release = releaseOf({ migrations, data }, adapter);
  if (direction === "down") await release.rollback("main", 1, { data: data === true });
  else if (data) await release.migrateData();
  else await release.migrate();
}

export function releaseOf(
  { migrations, data }: { migrations: SweepCase["migrations"]; data?: true | undefined },
  adapter: Adapter,
) {
  const lane = data ? { migrations: {}, dataMigrations: migrations } : { migrations };
  // What would stop others, by the rules or by a copy on MariaDB, is not what is swept.
  const policy = { onlineDdl: "allow-copy" } as const;
  return defineRelease({
    app: "sweep",
    repos: { main: { adapter, policy, safe: "off", ...lane } },
  }).using({
    emit: silent,
  });
}
