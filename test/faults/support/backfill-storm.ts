/** Faults in backfills on any database, and what is to be true after them. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Row } from "../../../src/adapters/adapter.ts";
import type { Figures } from "./figures.ts";
import { chance, oneOf } from "./random.ts";
import { type ChildSettings, type Ended, run, type Started, start } from "./start.ts";

/** A database with the table `numbers`, and what the processes are told of it. */
export type Ground = {
  readonly settings: ChildSettings;
  query(sql: string): Promise<readonly Row[]>;
  /** How often a row was visited, also where it came to nothing. Default: nobody counts. */
  visits?(): Promise<number>;
  /** Lets batches take no longer than they must. */
  hurry(): Promise<void>;
};

/** As many rows as a batch has at most. */
export const batch = 200;

/** Starts a process that works on the backfill. */
export function begin({ settings }: Ground): Promise<Started> {
  return start(settings, ["migrate-data"]);
}

/** Resolves when it has begun, or is over. */
export async function hasBegun(child: Started): Promise<void> {
  await Promise.race([child.said("== "), child.ended]);
}

/** Kills one after the other while they are at work, and lets the last ones come to the end. */
export async function storm(
  ground: Ground,
  { workers, kills }: { readonly workers: number; readonly kills: number },
): Promise<void> {
  const children = await Promise.all(Array.from({ length: workers }, () => begin(ground)));
  for (let killed = 0; killed < kills; killed++) {
    const victim = oneOf(children);
    await hasBegun(victim);
    await sleep(chance() * 120);
    victim.kill("SIGKILL");
    expect((await victim.ended).signal, "it had not ended before").toBe("SIGKILL");
    children[children.indexOf(victim)] = await begin(ground);
  }
  await Promise.all(children.map(hasBegun));
  await comeToTheEnd(ground, children);
}

/** Stops one after the other in turn for a while. */
export async function freezeInTurn(
  children: readonly Started[],
  { times, ms }: { readonly times: number; readonly ms: number },
): Promise<void> {
  for (let i = 0; i < times; i++) {
    const child = children[i % children.length]!;
    await hasBegun(child);
    await sleep(chance() * 200);
    child.kill("SIGSTOP");
    await child.frozen();
    await sleep(ms);
    child.kill("SIGCONT");
  }
}

/** The rest as fast as can be, after a look that there is a rest: else the last faults hit nobody at work. */
export async function comeToTheEnd(
  ground: Ground,
  children: readonly Started[],
): Promise<readonly Ended[]> {
  const [left] = await ground.query(
    "select state, (select count(*) from numbers where n = 0) as rows_left from slipway_backfills",
  );
  expect(left).toEqual({ state: "running", rows_left: expect.toSatisfy((rows) => rows > 0) });
  await ground.hurry();
  const faster = ["backfill", "set", "1", "pause=0", "batch-size=5000"];
  expect(await run(ground.settings, faster)).toMatchObject({ code: 0 });
  return finished(children);
}

/** Waits until all have ended well. */
export async function finished(children: readonly Started[]): Promise<readonly Ended[]> {
  const ends = await Promise.all(children.map((child) => child.ended));
  for (const end of ends) expect(end, end.stderr.slice(-1_000)).toMatchObject({ code: 0 });
  return ends;
}

/** Every row once, no more work done again than there were faults, nothing open, and the history has it. */
export async function proveOnce(
  ground: Ground,
  figures: Figures,
  { name, faults }: { readonly name: string; readonly faults: number },
): Promise<void> {
  const rows = await numbers(
    ground,
    "select count(*) as together, count(case when n = 0 then 1 end) as missed, count(case when n > 1 then 1 end) as twice from numbers",
  );
  figures.must(`${name}: rows missed`, Number(rows.missed), 0);
  figures.must(`${name}: rows changed twice`, Number(rows.twice), 0);
  const visits = await ground.visits?.();
  if (visits !== undefined) {
    const again = Math.ceil((visits - Number(rows.together)) / faults);
    figures.atMost(`${name}: rows visited again for each`, again, batch);
  }
  const left = await numbers(
    ground,
    "select (select count(*) from slipway_backfills where state = 'finished') as finished, (select count(*) from slipway_backfill_ranges where state = 'open') as open_ranges, (select count(*) from slipway_backfill_dead) as dead, (select count(*) from data_migrations) as recorded",
  );
  expect(left).toEqual({ finished: 1, open_ranges: 0, dead: 0, recorded: 1 });
}

/** A row of numbers, which drivers give in several ways. */
async function numbers(ground: Ground, sql: string) {
  const [row = {}] = await ground.query(sql);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}
