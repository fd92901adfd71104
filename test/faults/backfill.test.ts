/** Backfills whose processes are killed, frozen and cut off: every row is changed exactly once, and nothing is stuck. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import {
  begin,
  comeToTheEnd,
  finished,
  freezeInTurn,
  type Ground,
  hasBegun,
  proveOnce,
  storm,
} from "./support/backfill-storm.ts";
import { type BackfillScenario, numbersSql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { oneOf, seed } from "./support/random.ts";
import { ask } from "./support/server.ts";

const figures = figuresOf("backfill faults");
figures.tell("seed", seed);
const rows = full ? 400_000 : 60_000;
const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 12 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
});

type Place = { readonly scenario: BackfillScenario; readonly count?: number };

/** The database as the processes reach it, through `address`, and as we do. */
async function groundAt(url: string, { scenario, count = rows }: Place, address = url) {
  for (const sql of numbersSql(count).split("; ")) await ask(url, sql);
  const ground: Ground = {
    settings: { kind: "postgres", address, scenario, leaseMs: 2_000 },
    query: (sql) => ask(url, sql),
    hurry: async () => void (await ask(url, "update slowness set seconds = 0")),
  };
  if (!countsVisits.has(scenario)) return ground;
  const visits = async () => Number((await ask(url, "select last_value as it from visits"))[0]?.it);
  return { ...ground, visits };
}

const countsVisits: ReadonlySet<BackfillScenario> = new Set(["count", "countTwice"]);

async function onDatabase(
  place: Place & { readonly pooled?: boolean },
  work: (ground: Ground) => Promise<void>,
): Promise<void> {
  const database = await freshDatabase();
  const address = new URL(database.url);
  if (place.pooled && pooler !== undefined) address.host = new URL(pooler.url).host;
  try {
    await work(await groundAt(database.url, place, address.href));
  } finally {
    await database.drop();
  }
}

/** Every row once, and no transaction of ours left open. */
async function prove(ground: Ground, name: string, faults: number): Promise<void> {
  await proveOnce(ground, figures, { name, faults });
  const left = await ground.query(
    "select 1 from pg_stat_activity where datname = current_database() and application_name like 'slipway%' and xact_start is not null",
  );
  figures.must(`${name}: transactions left open`, left.length, 0);
}

const limit = full ? 900_000 : 240_000;

describe("processes that are killed", { timeout: limit }, () => {
  const storms = full
    ? [
        { workers: 1, kills: 60 },
        { workers: 2, kills: 70 },
        { workers: 8, kills: 70 },
      ]
    : [{ workers: 3, kills: 8 }];
  it.each(storms)("$workers at work, $kills kills", (how) =>
    onDatabase({ scenario: "count" }, async (ground) => {
      await storm(ground, how);
      await prove(ground, `${how.workers} processes, ${how.kills} SIGKILLs`, how.kills);
    }),
  );

  const few = { workers: 3, kills: 20 };
  it.runIf(full)("through functions", () =>
    onDatabase({ scenario: "countEach" }, async (ground) => {
      await storm(ground, few);
      await prove(ground, "each, 3 processes, 20 SIGKILLs", few.kills);
    }),
  );

  it.runIf(full && pooler !== undefined)("through PgBouncer in transaction mode", () =>
    onDatabase({ scenario: "count", pooled: true }, async (ground) => {
      await storm(ground, few);
      await prove(ground, "PgBouncer, 3 processes, 20 SIGKILLs", few.kills);
    }),
  );
});

describe("processes that are frozen", { timeout: limit }, () => {
  it("past every timeout: another one takes over, and the one that wakes changes nothing twice", () =>
    onDatabase({ scenario: "count" }, async (ground) => {
      const times = full ? 6 : 2;
      const children = [await begin(ground), await begin(ground)];
      // The server ends a transaction after two and a half seconds of silence.
      await freezeInTurn(children, { times, ms: 3_500 });
      await comeToTheEnd(ground, children);
      await prove(ground, `${times} SIGSTOPs`, times);
    }));

  it("in an effect, past its lease: what it returns is written once", () =>
    onDatabase({ scenario: "countEffect", count: 1_000 }, async (ground) => {
      const children = [await begin(ground), await begin(ground)];
      await freezeInTurn(children, { times: 2, ms: 1_800 });
      await finished(children);
      await prove(ground, "effect, 2 SIGSTOPs", 2);
    }));
});

describe("connections that are lost", { timeout: limit }, () => {
  it("backends that are terminated: the same processes go on", () =>
    onDatabase({ scenario: "countTwice" }, async (ground) => {
      const children = [await begin(ground), await begin(ground)];
      await Promise.all(children.map(hasBegun));
      const count = full ? 60 : 8;
      for (let ended = 0; ended < count; ) {
        await sleep(60);
        const ours = await ground.query(
          "select pid from pg_stat_activity where datname = current_database() and application_name like 'slipway%' order by pid",
        );
        if (ours.length === 0) continue;
        const { pid } = oneOf(ours);
        const [did] = await ground.query(`select pg_terminate_backend(${pid}) as it`);
        if (did?.it === true) ended += 1;
      }
      await comeToTheEnd(ground, children);
      await prove(ground, `${count} backends terminated`, count);
    }));

  it("a server that crashes and comes back: the same processes go on", async () => {
    const server = await startPostgres({ durable: true });
    try {
      const ground = await groundAt(server.url, { scenario: "count", count: 60_000 });
      const children = [await begin(ground), await begin(ground)];
      await Promise.all(children.map(hasBegun));
      const count = full ? 3 : 1;
      for (let i = 0; i < count; i++) {
        await sleep(300);
        server.restartImmediately();
      }
      await comeToTheEnd(ground, children);
      await prove(ground, `${count} restarts with -m immediate`, count);
    } finally {
      await server.stop();
    }
  });
});
