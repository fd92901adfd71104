/** What the conformance tests share: releases over a test database, and what can be seen of them. */
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationDefinition,
  type ReleaseError,
} from "slipway";
import { afterEach, beforeEach, describe } from "vitest";
import type { MigrationMap, RepoConfig } from "../../../src/release/config.ts";
import type { RepoOutcome } from "../../../src/release/migrate.ts";
import { type DatabaseKind, type TestDatabase, testDatabase } from "../../support/databases.ts";
import { recorder } from "../../support/recorder.ts";

/** Tests that hold on each of these databases, every one with an empty database of its own. */
export function describeOn(
  kinds: readonly DatabaseKind[],
  tests: (database: () => TestDatabase, kind: DatabaseKind) => void,
): void {
  describe.each(kinds)("on %s", (kind) => {
    let database: TestDatabase;
    beforeEach(async () => {
      database = await testDatabase(kind);
    });
    afterEach(() => database.dispose());
    tests(() => database, kind);
  });
}

/** A release with one repo, `main`, that says nothing, remembers everything, and runs what is not safe too. */
export function releaseOn(
  database: Pick<TestDatabase, "adapter">,
  migrations: MigrationMap,
  options: Omit<RepoConfig, "adapter"> = {},
) {
  const { world, ...heard } = recorder();
  const main = { migrations, safe: "off" as const, ...options, adapter: database.adapter };
  const release = defineRelease({ app: "blog", repos: { main } }).using(world);
  return { release, ...heard };
}

/** Migrations that create a table each: `13_hello` creates `hello`. */
export function tables(...ids: readonly string[]): {
  readonly [id: string]: MigrationDefinition;
} {
  return Object.fromEntries(
    ids.map((id) => [
      id,
      defineMigration({
        change(m) {
          m.createTable(id.replace(/^\d+_/, ""), (t) => t.id());
        },
      }),
    ]),
  );
}

/** The versions that ran, in the order in which they ran. */
export function versions(outcomes: RepoOutcome | readonly RepoOutcome[]): readonly string[] {
  return [outcomes].flat().flatMap((outcome) => outcome.migrations.map((done) => done.version));
}

/** The recorded versions, oldest first; `undefined` when there is no history table. */
export async function history(
  database: TestDatabase,
  table = "schema_migrations",
): Promise<readonly string[] | undefined> {
  try {
    const rows = await database.query(
      `select cast(version as text) as version from ${table} order by ${table}.version`,
    );
    return rows.map((row) => String(row.version));
  } catch (error) {
    if (/no such table|does not exist/.test(String(error))) return undefined;
    throw error;
  }
}

/** The error that a call was refused with, or failed with. */
export async function refusal(work: Promise<unknown>): Promise<ReleaseError> {
  try {
    await work;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
