/** Questions of one moment travel in one message, and each has the answer that it has alone. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { type CountingProxy, countingProxy } from "../support/counting-proxy.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let proxy: CountingProxy;
let session: Session;

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await countingProxy(database.url);
  session = await postgres({ url: proxy.url }).open({ role: "work", application: "test" });
});
beforeEach(() => session.execute([{ sql: "ROLLBACK", policy: { kind: "plain" } }]));
afterAll(async () => {
  await session.close();
  await proxy.stop();
  await database.drop();
});

const outcomes = (sqls: readonly string[]) =>
  session.together!(async () => {
    const asked = await Promise.allSettled(sqls.map((sql) => session.query(sql)));
    return asked.map((one) =>
      one.status === "fulfilled" ? one.value : session.errorKind(one.reason),
    );
  });

/** What came of them, and how often the client waited. */
async function counted(sqls: readonly string[]) {
  let answers: Awaited<ReturnType<typeof outcomes>> = [];
  const { roundTrips } = await proxy.count(async () => {
    answers = await outcomes(sqls);
  });
  return { answers, roundTrips };
}

const alone = "SET LOCAL search_path = pg_catalog, pg_temp;\n";
const path = "SELECT current_setting('search_path') AS path";

it("several are one wait, in whatever order those of the catalog alone are asked", async () => {
  const { answers, roundTrips } = await counted([
    `${alone}${path}`,
    path,
    "SET LOCAL lock_timeout = 5; SELECT 1 AS one UNION ALL SELECT 2",
    "SELECT 3 AS none WHERE false",
  ]);
  expect(roundTrips).toBe(1);
  expect(answers).toEqual([
    [{ path: "pg_catalog, pg_temp" }],
    [{ path: '"$user", public' }],
    [{ one: 1 }, { one: 2 }],
    [],
  ]);
});

it("each hears its own error, and the others their answers", async () => {
  const { answers, roundTrips } = await counted(["SELECT 1 AS one", "SELECT * FROM nowhere"]);
  expect(answers).toEqual([[{ one: 1 }], "table_missing"]);
  expect(roundTrips).toBe(3);
});

it("a text with answers that belong to nobody is asked one by one", async () => {
  const { answers } = await counted(["SELECT 1 AS one; SELECT 2 AS two", "SELECT 3 AS three"]);
  expect(answers).toEqual([[{ two: 2 }], [{ three: 3 }]]);
});

it("a stop is one for all: they are not asked again", async () => {
  const { answers, roundTrips } = await counted([
    "SELECT 1 AS one",
    "SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)",
  ]);
  expect(answers).toEqual(["timeout", "timeout"]);
  expect(roundTrips).toBe(1);
});

it("inside of a transaction each travels alone, for an error would end it", async () => {
  await session.query("BEGIN");
  const { answers, roundTrips } = await counted(["SELECT 1 AS one", "SELECT 2 AS two"]);
  expect(answers).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  expect(roundTrips).toBe(2);
});

it("ends when all are answered, also where its work ended before", async () => {
  const asked: Promise<unknown>[] = [];
  const failed = session.together!(async () => {
    asked.push(session.query("SELECT pg_sleep(0.05)"));
    throw new Error("it failed");
  });
  await expect(failed).rejects.toThrow("it failed");
  expect(await Promise.race([asked[0], "still open"])).toEqual([{ pg_sleep: "" }]);
});
