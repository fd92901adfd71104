/** Many processes start at once on a database that has nothing yet: exactly one does the work. */
import { afterAll, describe, expect, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import { ask } from "./support/server.ts";
import { start } from "./support/start.ts";

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

/** Processes and rounds. */
const rounds: readonly (readonly [processes: number, rounds: number])[] = full
  ? [
      [2, 40],
      [8, 40],
      [50, 16],
      [200, 4],
    ]
  : [
      [2, 1],
      [8, 1],
      [20, 1],
    ];

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

/** Milliseconds, by the number of processes: the middle of the rounds of each way. */
const medians = new Map<number, string[]>();

describe.each(ways)("%s", (way, address) => {
  it.skipIf(way !== "direct" && pooler === undefined).each(rounds)(
    "%i processes, %i rounds",
    { timeout: full ? 1_800_000 : 60_000 },
    async (processes, count) => {
      const done: Round[] = [];
      for (let i = 0; i < count; i++) {
        done.push(await oneRound(processes, address));
        progress(`${way}, ${processes} processes: round ${i + 1} of ${count}`);
      }
      const name = `${way}: ${processes} processes, ${count} rounds`;
      expect(done.flatMap(({ errors }) => errors)).toEqual([]);
      figures.must(`${name}: holders at once`, Math.max(...done.map(({ inside }) => inside)), 1);
      figures.must(`${name}: run twice`, sum(done.map(({ duplicates }) => duplicates)), 0);
      figures.must(`${name}: not run`, sum(done.map(({ missing }) => missing)), 0);
      figures.must(`${name}: errors`, done.flatMap(({ errors }) => errors).length, 0);
      const times = done.map(({ lastMs }) => lastMs).sort((one, two) => one - two);
      const median = times[Math.floor(times.length / 2)] ?? 0;
      const row = medians.get(processes) ?? [];
      medians.set(processes, [...row, `${way} ${(median / 1000).toFixed(1)} s`]);
    },
  );
});

describe("until the last is ready", () => {
  it.each(rounds)("%i processes", (processes) => {
    const row = medians.get(processes) ?? [];
    expect(row).not.toEqual([]);
    figures.tell(`until the last of ${processes} is ready, median`, row.join("; "));
  });
});

async function oneRound(processes: number, address: (url: string) => string): Promise<Round> {
  const database = await freshDatabase(server?.url);
  await ask(database.url, setup);
  const settings = {
    kind: "postgres",
    address: address(database.url),
    scenario: "together",
    gate: true,
  } as const;
  const children = await Promise.all(
    Array.from({ length: processes }, () => start(settings, ["migrate"])),
  );
  await Promise.all(children.map((child) => child.said("ready")));
  const began = performance.now();
  for (const child of children) child.tell("go");
  const endings = await Promise.all(children.map((child) => child.ended));
  const lastMs = Math.max(...endings.map(({ at }) => at)) - began;
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
    errors: endings.filter(({ code }) => code !== 0).map(({ code, stderr }) => `${code} ${stderr}`),
    lastMs,
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
