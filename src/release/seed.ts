/** Runs code of the user's that fills a database, in one transaction. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { plain } from "../core/model/statement.ts";
import type { Repo } from "./config.ts";
import { openSession } from "./open.ts";
import type { RunWorld } from "./run-world.ts";
import { reading } from "./stoppable.ts";

/** A function that fills a database: gets its queries, and may be asynchronous. */
export type Seeds = (db: MigrationDatabase) => unknown;

/** Gives seeds their type. Does nothing else. */
export function defineSeeds(seeds: Seeds): Seeds {
  return seeds;
}

/** Runs seeds in one transaction, which is rolled back when they throw. Nothing of it is in the history. */
export async function runSeeds(repo: Repo, seeds: Seeds, world: RunWorld): Promise<void> {
  const session = await openSession(repo, { role: "work", ...world });
  const { begin, commit, rollback } = session.dialect;
  try {
    await session.execute([plain(begin)]);
    try {
      await reading(session, world, async () => seeds(databaseOf(session)));
    } catch (error) {
      // Without a connection the server rolls back by itself; the error of the seeds is the one to tell.
      await session.execute([plain(rollback)]).catch(() => undefined);
      throw error;
    }
    await session.execute([plain(commit)]);
  } finally {
    await session.close();
  }
}

function databaseOf(session: Session): MigrationDatabase {
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
      (await session.query(sql, parameters)) as readonly Row[],
    change: (sql, parameters) => session.change(sql, parameters),
    execute: (sql) =>
      session.execute(
        session.dialect.splitStatements(sql).map(({ sql, stdin }) => ({ ...plain(sql), stdin })),
      ),
  };
}
