/** Conformance 70–72: several migrators at once, each a process of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { type Migrator, type Place, startMigrator } from "./support/start-migrator.ts";

type Database = {
  readonly place: Place;
  /** The recorded versions, oldest first. */
  history(): Promise<readonly number[]>;
  dispose(): Promise<void>;
};

async function onPostgres(): Promise<Database> {
  const database = await freshDatabase();
  const history = () =>
    withClient(database.url, async (client) => {
      const { rows } = await client.query("select version from schema_migrations order by 1");
      return rows.map((row) => Number(row.version));
    });
  const place = { kind: "postgres", address: database.url } as const;
  return { place, history, dispose: () => database.drop() };
}

async function onSqlite(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-two-"));
  const address = join(folder, "test.db");
  const history = async () => {
    const db = new DatabaseSync(address);
    const rows = db.prepare("select version from schema_migrations order by 1").all();
    db.close();
    return rows.map((row) => Number(row.version));
  };
  const dispose = async () => rmSync(folder, { recursive: true });
  return { place: { kind: "sqlite", address }, history, dispose };
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

function start(count: number, place: Place, scenario: string): Promise<Migrator[]> {
  return Promise.all(Array.from({ length: count }, () => startMigrator(place, scenario)));
}

describe.each([
  ["postgres", onPostgres],
  ["sqlite", onSqlite],
] as const)("on %s", (_, open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => database.dispose());

  it("70: exactly one runs a slow migration; the other waits for it and then does nothing", async () => {
    const [first, second] = (await start(2, database.place, "slow")) as [Migrator, Migrator];
    first.tell("go");
    await first.hears("working");
    second.tell("go");
    const { holder } = await second.hears("lock_waiting");
    expect(holder).toMatchObject({ application: "slipway blog" });
    first.tell("end");
    expect(await first.ending).toEqual({ versions: ["1"] });
    expect(await second.ending).toEqual({ versions: [] });
    await second.hears("nothing_to_do");
    expect(await database.history()).toEqual([1]);
  });

  it("71, ours: at the first run ever nobody fails, because the table is made under the lock", async () => {
    const migrators = await start(4, database.place, "first");
    for (const migrator of migrators) migrator.tell("go");
    const endings = await Promise.all(migrators.map((migrator) => migrator.ending));
    expect(endings.filter((ending) => ending.error !== undefined)).toEqual([]);
    expect(endings.flatMap((ending) => ending.versions)).toEqual(["1", "2", "3"]);
    expect(await database.history()).toEqual([1, 2, 3]);
  });
});

describe("on postgres", () => {
  it("72, ours: an index is built concurrently while another migrator waits for the lock", async () => {
    const { place, history, dispose } = await onPostgres();
    await withClient(place.address, async (writer) => {
      await writer.query("create table posts (title text)");
      const [first, second] = (await start(2, place, "index")) as [Migrator, Migrator];
      // The index waits for this transaction, so it is surely being built while the second one waits.
      await writer.query("begin; insert into posts values ('open')");
      first.tell("go");
      await first.hears("operation");
      second.tell("go");
      await second.hears("lock_waiting");
      await writer.query("commit");
      expect(await first.ending).toEqual({ versions: ["1"] });
      expect(await second.ending).toEqual({ versions: [] });
      const { rows } = await writer.query(
        "select indisvalid from pg_index where indexrelid = 'posts_title_index'::regclass",
      );
      expect(rows).toEqual([{ indisvalid: true }]);
      expect(await history()).toEqual([1]);
    });
    await dispose();
  });
});
