/** Many processes start at once on a database that has nothing yet: exactly one does the work. */
import { afterAll, describe, expect, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import { ask } from "./support/server.ts";
import { start } from "./support/start.ts";
import { starters } from "./support/starters.ts";

const figures = figuresOf("start together");
/** 200 processes have 400 connections. */
const server = full ? await startPostgres({ connections: 450 }) : undefined;
const upstream = await freshDatabase(server?.url);
const pooler = await startPgbouncer(upstream.url, { poolSize: 5, clients: 1_000 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
  await server?.stop();
});

type Rounds = readonly (readonly [processes: number, rounds: number])[];

/** Processes that are made for the round: as a deploy does it. */
const coldRounds: Rounds = full
  ? [
      [2, 10],
      [8, 10],
      [50, 3],
      [200, 2],
    ]
  : [
      [2, 1],
      [12, 1],
    ];
/** Processes that are there already, and so start closer together. */
const warmRounds: Rounds = full
  ? [
      [2, 100],
      [8, 100],
      [50, 100],
      [200, 20],
    ]
  : [[8, 4]];

const setup = `
create table ran (version int);
create table seen (inside int);
create sequence entered;
create sequence gone minvalue 0;
select setval('gone', 0);
`;

type Round = {
  readonly inside: number;
  readonly duplicates: number;
  readonly missing: number;
  readonly errors: readonly string[];
  readonly lastMs: number;
};

const ways: readonly (readonly [string, (url: string) => string])[] = [
  ["direct", (url) => url],
  ["PgBouncer, 5 connections", (url) => throughPooler(url)],
];

/** How long it took until the last was ready, in the middle of the rounds, by the number of processes. */
const medians = new Map<string, string[]>();

describe.each(ways)("%s", (way, address) => {
  const unavailable = way !== "direct" && pooler === undefined;

  it.skipIf(unavailable).each(coldRounds)(
    "%i new processes, %i rounds",
    { timeout: full ? 1_800_000 : 180_000 },
    (processes, count) =>
      rounds({ way, processes: `${processes} new processes`, count }, (url) =>
        startNew(processes, address(url)),
      ),
  );

  it.skipIf(unavailable).each(warmRounds)(
    "%i waiting processes, %i rounds",
    { timeout: full ? 1_800_000 : 180_000 },
    async (processes, count) => {
      const { start: startAll, end } = await starters(processes);
      try {
        await rounds({ way, processes: `${processes} waiting processes`, count }, async (url) => {
          const began = performance.now();
          const errors = await startAll(address(url));
          return { errors, lastMs: performance.now() - began };
        });
      } finally {
        await end();
      }
    },
  );
});

describe("one that waits", () => {
  it("takes no lock once another one has done it all", { timeout: 180_000 }, async () => {
    const database = await freshDatabase();
    const settings = { kind: "postgres", address: database.url, scenario: "hold" } as const;
    const first = await start(settings, ["migrate"]);
    await first.said("hold");
    const second = await start(settings, ["migrate"]);
    await second.said("waiting for the migration lock");
    first.tell("end");
    expect(await first.ended).toMatchObject({ code: 0 });
    const { code, stderr } = await second.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const [lock] = await ask(database.url, "select fence::int from slipway_lock");
    figures.must("one that waits: times the lock was taken", Number(lock?.fence), 1);
    await database.drop();
  });
});

describe("until the last is ready", () => {
  it("is told", () => {
    expect(medians.size).toBe(coldRounds.length + warmRounds.length);
    for (const [processes, row] of medians)
      figures.tell(`until the last of ${processes} is ready, median`, row.join("; "));
  });
});

type What = { readonly way: string; readonly processes: string; readonly count: number };
type Endings = { readonly errors: readonly string[]; readonly lastMs: number };

async function rounds(
  { way, processes, count }: What,
  startAll: (url: string) => Promise<Endings>,
): Promise<void> {
  const done: Round[] = [];
  for (let i = 0; i < count; i++) {
    done.push(await oneRound(startAll));
    if ((i + 1) % 10 === 0 || count < 10)
      progress(`${way}, ${processes}: round ${i + 1} of ${count}`);
  }
  const name = `${way}: ${processes}, ${count} rounds`;
  const errors = done.flatMap((round) => round.errors);
  expect(errors).toEqual([]);
  figures.must(`${name}: holders at once`, Math.max(...done.map(({ inside }) => inside)), 1);
  figures.must(`${name}: run twice`, sum(done.map(({ duplicates }) => duplicates)), 0);
  figures.must(`${name}: not run`, sum(done.map(({ missing }) => missing)), 0);
  figures.must(`${name}: errors`, errors.length, 0);
  const times = done.map(({ lastMs }) => lastMs).sort((one, two) => one - two);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const row = medians.get(processes) ?? [];
  medians.set(processes, [...row, `${way} ${(median / 1000).toFixed(1)} s`]);
}

async function oneRound(startAll: (url: string) => Promise<Endings>): Promise<Round> {
  const database = await freshDatabase(server?.url);
  await ask(database.url, setup);
  const { errors, lastMs } = await startAll(database.url);
  const [seen] = await ask(
    database.url,
    "select coalesce(max(inside), 0)::int as inside from seen",
  );
  const [ran] = await ask(
    database.url,
    "select (count(*) - count(distinct version))::int as twice, 4 - count(distinct version)::int as missing, (select 5 - count(*)::int from schema_migrations) as unrecorded, (select count(*)::int from pg_index where not indisvalid) as invalid from ran",
  );
  await database.drop();
  return {
    inside: Number(seen?.inside),
    duplicates: Number(ran?.twice),
    missing: Number(ran?.missing) + Number(ran?.unrecorded) + Number(ran?.invalid),
    errors,
    lastMs,
  };
}

/** The command line of a release, in processes that are made now and wait for each other. */
async function startNew(processes: number, address: string): Promise<Endings> {
  const settings = { kind: "postgres", address, scenario: "together", gate: true } as const;
  const children = await Promise.all(
    Array.from({ length: processes }, () => start(settings, ["migrate"])),
  );
  await Promise.all(children.map((child) => child.said("ready")));
  const began = performance.now();
  for (const child of children) child.tell("go");
  const endings = await Promise.all(children.map((child) => child.ended));
  return {
    errors: endings.filter(({ code }) => code !== 0).map(({ code, stderr }) => `${code} ${stderr}`),
    lastMs: Math.max(...endings.map(({ at }) => at)) - began,
  };
}

function throughPooler(url: string): string {
  const through = new URL(url);
  through.host = new URL(pooler?.url ?? url).host;
  return through.href;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
