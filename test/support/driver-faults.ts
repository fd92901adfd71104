/** The faults in their short form, for each driver of a database. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { isReleaseError } from "../../src/index.ts";
import { driverRelease } from "./driver-migrations.ts";

/** A driver on an empty database, in this process and in others. */
export type FaultyDatabase = {
  readonly adapter: Adapter;
  /** How another process makes the same adapter. */
  readonly options: object;
  /** Ends all connections to the database, from beside them. Default: there are none to end. */
  endConnections?(): Promise<unknown>;
  dispose(): Promise<void>;
};

/** A kill, a lock that one holds, and a server that ends the connection: none leaves half of a migration. */
export function describeFaults(
  adapter: { readonly folder: string; readonly name: string },
  make: () => Promise<FaultyDatabase>,
): void {
  const onDatabase = async (work: (database: FaultyDatabase) => Promise<void>) => {
    const database = await make();
    try {
      await work(database);
    } finally {
      await database.dispose();
    }
  };

  describe(`${adapter.folder} and the faults`, () => {
    it("a process that is killed in a migration leaves nothing of it, and the next one goes on", () =>
      onDatabase(async (database) => {
        const child = spawn(
          process.execPath,
          [
            join(import.meta.dirname, "driver-child.ts"),
            JSON.stringify({ ...adapter, options: database.options }),
          ],
          { stdio: ["ignore", "pipe", "inherit"] },
        );
        const [said] = await once(child.stdout, "data");
        child.kill("SIGKILL");
        await once(child, "close");
        expect(String(said)).toBe("inside\n");
        await goOn(database.adapter);
        expect(await rowsOf(database.adapter)).toEqual(["one", "two"]);
      }));

    it("of three runs at once one has the lock, and each migration runs once", () =>
      onDatabase(async ({ adapter: shared }) => {
        let insides = 0;
        const inside = async () => {
          insides += 1;
        };
        const runs = [1, 2, 3].map(() => driverRelease(shared, inside).migrate());
        await Promise.all(runs);
        expect(insides).toBe(1);
        expect(await rowsOf(shared)).toEqual(["one", "two"]);
      }));

    it("a connection that is ended in a migration takes it along, and the next run does it whole", (context) =>
      onDatabase(async ({ adapter: shared, endConnections }) => {
        if (endConnections === undefined) return context.skip();
        const broken = driverRelease(shared, endConnections).migrate();
        await expect(broken).rejects.toMatchObject({ name: "ReleaseError" });
        await goOn(shared);
        expect(await rowsOf(shared)).toEqual(["one", "two"]);
      }));
  });
}

/** Where the migration is no transaction, nobody but its author can tell about code: here it had no effect. */
async function goOn(adapter: Adapter): Promise<void> {
  const release = driverRelease(adapter);
  try {
    await release.migrate();
  } catch (error) {
    if (adapter.dialect.transactionalDdl || !isReleaseError(error)) throw error;
    expect(error.code).toBe("statement_interrupted");
    await release.mark("main", 2, { as: "again" });
    await release.migrate();
  }
}

async function rowsOf(adapter: Adapter): Promise<readonly unknown[]> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    const rows = await session.query("SELECT title FROM a ORDER BY title");
    return rows.map(({ title }) => title);
  } finally {
    await session.close();
  }
}
