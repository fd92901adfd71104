/** Many processes start at once on a server whose advisory lock everybody gets: the lock that is a row lets one in. */
import { expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { ask } from "./support/server.ts";
import { starters } from "./support/starters.ts";

const figures = figuresOf("start together, by row");
const [processes, count] = full ? [50, 100] : [6, 3];

const setup = `
alter function pg_catalog.pg_try_advisory_xact_lock(bigint) rename to its_own_lock;
create function pg_catalog.pg_try_advisory_xact_lock(bigint) returns boolean language sql as 'select true';
create table ran (version int);
create table seen (inside int);
create sequence entered;
create sequence gone minvalue 0;
select setval('gone', 0);
`;

const looked =
  "select (select coalesce(max(inside), 0)::int from seen) as inside, (count(*) - count(distinct version))::int as twice, (4 - count(distinct version) + (select 5 - count(*) from schema_migrations))::int as missing from ran";

it(`${processes} processes, ${count} rounds`, { timeout: full ? 1_800_000 : 180_000 }, async () => {
  const { start, end } = await starters(processes);
  const rounds: { readonly inside: number; readonly twice: number; readonly missing: number }[] =
    [];
  try {
    for (let round = 0; round < count; round++) {
      const { url, drop } = await freshDatabase();
      await ask(url, setup);
      expect(await start(`row ${url}`)).toEqual([]);
      const [row] = await ask(url, looked);
      rounds.push({
        inside: Number(row?.inside),
        twice: Number(row?.twice),
        missing: Number(row?.missing),
      });
      await drop();
    }
  } finally {
    await end();
  }
  const name = `${processes} processes, ${count} rounds`;
  figures.must(`${name}: holders at once`, Math.max(...rounds.map(({ inside }) => inside)), 1);
  figures.must(
    `${name}: run twice`,
    rounds.reduce((sum, { twice }) => sum + twice, 0),
    0,
  );
  figures.must(
    `${name}: not run`,
    rounds.reduce((sum, { missing }) => sum + missing, 0),
    0,
  );
});
