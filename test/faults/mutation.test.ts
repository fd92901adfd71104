/** Each promise has a scenario that holds with its mechanism and fails without it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { before } from "./model/world.ts";
import {
  indexBesideLock,
  killed,
  type Stage,
  startTogether,
  zombie,
  zombieAlone,
} from "./mutation/scenarios.ts";
import { type Mechanism, without } from "./mutation/without.ts";
import { figuresOf } from "./support/figures.ts";

const index = /^create index concurrently/;
const invalid = "update pg_index set indisvalid = false where indexrelid = 'two'::regclass";

const cases: [Mechanism, string, (stage: Stage) => Promise<readonly string[]>][] = [
  ["lock", "two start together", startTogether],
  ["fence", "one freezes, another finishes, the first wakes up", zombie],
  ["end of earlier connections", "one freezes before a statement on its own", zombieAlone],
  ["simple protocol", "an index is built beside the lock", indexBesideLock],
  ["probe, always present", "killed before an index is built", killed("before", index)],
  ["probe, always present", "killed while it is built", killed("after", index, invalid)],
  ["probe, always absent", "killed after an index is built", killed("after", index)],
  ["journal", "killed between two statements", killed("before", index)],
  [
    "event beside its history row",
    "killed between the event and the commit",
    killed("after", /^INSERT INTO "slipway_events"/),
  ],
  [
    "transaction",
    "killed before the history row",
    killed("before", /^INSERT INTO "schema_migrations"/),
  ],
];

describe.each(cases)("%s: %s", (mechanism, words, scenario) => {
  const figures = figuresOf(`mutation: ${mechanism}`);
  let database: FreshDatabase;
  let watch: Session;
  let stage: Stage;
  beforeAll(async () => {
    database = await freshDatabase();
    const adapter = postgres({ url: database.url, lockLeaseMs: 600_000 });
    watch = await adapter.open({ role: "work", application: "watch" });
    const terminate = async (pid: string) =>
      void (await watch.query(`select pg_terminate_backend(${Number(pid)}, 5000)`));
    stage = { adapter, query: (sql) => watch.query(sql), terminate };
  });
  beforeEach(async () => {
    await watch.query("drop schema public cascade; create schema public");
    for (const sql of before) await watch.query(sql);
  });
  afterAll(async () => {
    await watch.close();
    await database.drop();
  });

  it("is well with it", async () => {
    expect(await scenario(stage)).toEqual([]);
  });

  it("goes wrong without it", async () => {
    const found = await scenario({ ...stage, adapter: without(mechanism, stage.adapter) });
    figures.tell(words, found.join("; ") || "nothing was noticed");
    expect(found).not.toEqual([]);
  });
});
