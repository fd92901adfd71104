/** Faults in backfills on databases that are no PostgreSQL, and what is to be true after them. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Row } from "../../../src/adapters/adapter.ts";
import type { Figures } from "./figures.ts";
import { type ChildSettings, type Ended, run, type Started, start } from "./start.ts";

/** A database with the table `numbers`, and what the processes are told of it. */
export type Ground = {
  readonly settings: ChildSettings;
  query(sql: string): Promise<readonly Row[]>;
  /** How often a row was visited, also where it came to nothing. */
  visits(): Promise<number>;
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
    const index = Math.floor(Math.random() * workers);
    const victim = children[index];
    if (victim === undefined) break;
    await hasBegun(victim);
    await sleep(Math.random() * 120);
    victim.kill("SIGKILL");
    await victim.ended;
    children[index] = await begin(ground);
  }
  await Promise.all(children.map(hasBegun));
  await comeToTheEnd(ground, children);
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
  const [row] = await ground.query(
    "select count(*) as count_all, sum(n = 0) as missed, sum(n > 1) as twice from numbers",
  );
  figures.must(`${name}: rows missed`, Number(row?.missed), 0);
  figures.must(`${name}: rows changed twice`, Number(row?.twice), 0);
  const again = ((await ground.visits()) - Number(row?.count_all)) / faults;
  figures.atMost(`${name}: rows visited again for each`, Math.ceil(again), batch);
  const [state] = await ground.query(
    "select state, (select count(*) from slipway_backfill_ranges where state = 'open') as open_ranges, (select count(*) from slipway_backfill_dead) as dead, (select count(*) from data_migrations) as recorded from slipway_backfills",
  );
  expect(state).toEqual({ state: "finished", open_ranges: 0, dead: 0, recorded: 1 });
}
