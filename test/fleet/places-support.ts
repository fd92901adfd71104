/** A release with a file or a database for each tenant. */
import type { Adapter } from "../../src/adapters/adapter.ts";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
  type ReleaseError,
  type RepoConfig,
} from "../../src/index.ts";
import { recorder } from "../support/recorder.ts";

const posts = defineMigration({
  change: (m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string");
    }),
});

export const addColumn = (name: string) =>
  defineMigration({ change: (m) => m.alterTable("posts", (t) => t.add(name, "string")) });

export const firstTwo = { "10_posts": posts, "11_body": addColumn("body") };
export const three = { ...firstTwo, "12_tags": addColumn("tags") };

/** A release whose tenants are in places of their own, and all that it said. */
export function placesRelease(
  adapter: Adapter,
  tenants: RepoConfig["tenants"],
  tenantMigrations: MigrationsOption,
  more: Partial<RepoConfig> = {},
) {
  const heard = recorder();
  const repo = { adapter, migrations: {}, dataMigrations: {}, tenantMigrations, ...more };
  const config: RepoConfig = tenants === undefined ? repo : { ...repo, tenants };
  const release = defineRelease({ app: "app", repos: { main: config } }).using(heard.world);
  return { release, heard };
}

/** The refusal that this work ends with. */
export async function failing(work: Promise<unknown>): Promise<ReleaseError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isReleaseError(error)) throw new Error("no ReleaseError", { cause: error });
  return error;
}

/** The adapter, and how often its like was opened and closed for each place. */
export function counting(adapter: Adapter) {
  const counts = { opened: 0, closed: 0, most: 0 };
  const counted = (one: Adapter): Adapter => ({
    ...one,
    open: async (options) => {
      const session = await one.open(options);
      counts.opened += 1;
      counts.most = Math.max(counts.most, counts.opened - counts.closed);
      const close = session.close.bind(session);
      session.close = async () => {
        counts.closed += 1;
        await close();
      };
      return session;
    },
  });
  return { counts, adapter: { ...adapter, at: (place: string) => counted(adapter.at!(place)) } };
}
