/** Many processes start at once on a database that has nothing yet: exactly one does the work. */
import { afterAll, describe, expect, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { ask } from "./support/server.ts";
import { start } from "./support/start.ts";

const figures = figuresOf("start together");
const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 5, clients: 1_000 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
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

/** 200 processes have 400 connections, which only a pooler takes. */
const ways: readonly (readonly [string, (url: string) => string, number])[] = [
  ["direct", (url) => url, 100],
  ["PgBouncer, 5 connections", (url) => throughPooler(url), 200],
];

describe.each(ways)("%s", (way, address, most) => {
  it
    .skipIf(way !== "direct" && pooler === undefined)
    .each(rounds.filter(([processes]) => processes <= most))(
    "%i processes, %i rounds",
    { timeout: full ? 900_000 : 60_000 },
    async (processes, count) => {
      const done: Round[] = [];
      for (let i = 0; i < count; i++) done.push(await oneRound(processes, address));
      const name = `${way}: ${processes} processes, ${count} rounds`;
      expect(done.flatMap(({ errors }) => errors)).toEqual([]);
      figures.must(`${name}: holders at once`, Math.max(...done.map(({ inside }) => inside)), 1);
      figures.must(`${name}: run twice`, sum(done.map(({ duplicates }) => duplicates)), 0);
      figures.must(`${name}: not run`, sum(done.map(({ missing }) => missing)), 0);
      figures.must(`${name}: errors`, done.flatMap(({ errors }) => errors).length, 0);
      const times = done.map(({ lastMs }) => lastMs).sort((one, two) => one - two);
      const median = times[Math.floor(times.length / 2)] ?? 0;
      figures.tell(`${name}: median until the last is ready`, `${(median / 1000).toFixed(1)} s`);
    },
  );
});

async function oneRound(processes: number, address: (url: string) => string): Promise<Round> {
  const database = await freshDatabase();
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
