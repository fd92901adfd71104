/** One scenario for each mechanism: what it tells is what went wrong. */
import type { Adapter, Row } from "../../../src/adapters/adapter.ts";
import type { Migrator } from "../model/stepped.ts";
import { faultsOf, startMigrator } from "../model/world.ts";

export type Stage = {
  readonly adapter: Adapter;
  query(sql: string): Promise<readonly Row[]>;
  /** The server ends a connection. */
  terminate(pid: string): Promise<void>;
};

type Scenario = (stage: Stage) => Promise<readonly string[]>;

/** Two processes, step by step. */
export const startTogether: Scenario = async (stage) => {
  const both = [startMigrator(stage.adapter, "up"), startMigrator(stage.adapter, "up")];
  while (both.some((one) => !one.over)) for (const one of both) await one.step();
  return [...both.flatMap(errorOf), ...(await faultsOf(stage.query))];
};

/** One process freezes between two units and loses the lock; another does the work; the first goes on. */
export const zombie: Scenario = async (stage) => {
  const frozen = startMigrator(stage.adapter, "up");
  await frozen.stepUpTo(/^create index concurrently/);
  await frozen.stepUpTo(/slipway_journal.*'done'/);
  await frozen.stepUpTo(/^COMMIT/);
  await frozen.stepUpTo(/^BEGIN/);
  await frozen.lose("lock", stage.terminate);
  const second = await startMigrator(stage.adapter, "up").finish();
  while (!frozen.over) await frozen.step();
  return [...errorOf(second), ...(await faultsOf(stage.query))];
};

/**
 * One process freezes just before a statement that no transaction protects, and loses the lock; another does the work
 * and takes it back; the first goes on.
 */
export const zombieAlone: Scenario = async (stage) => {
  const frozen = startMigrator(stage.adapter, "up");
  await frozen.stepUpTo(/^create index concurrently/);
  await frozen.lose("lock", stage.terminate);
  const others: Migrator[] = [];
  for (const deed of ["up", "down"] as const)
    others.push(await startMigrator(stage.adapter, deed).finish());
  while (!frozen.over) await frozen.step();
  others.push(await startMigrator(stage.adapter, "up").finish());
  return [...others.flatMap(errorOf), ...(await faultsOf(stage.query))];
};

/** A process dies just before, or just after, a call of this kind; the next one goes on. */
export function killed(when: "before" | "after", call: RegExp, meanwhile?: string): Scenario {
  return async (stage) => {
    const first = startMigrator(stage.adapter, "up");
    await first.stepUpTo(call);
    if (when === "after") await first.step();
    await first.crash();
    if (meanwhile !== undefined) await stage.query(meanwhile);
    const second = await startMigrator(stage.adapter, "up").finish();
    return [...errorOf(second), ...(await faultsOf(stage.query))];
  };
}

/** An index is built beside the process's own lock. */
export const indexBesideLock: Scenario = async (stage) => {
  const only = startMigrator(stage.adapter, "up", { stuckMs: 3_000 });
  try {
    await only.finish();
  } catch (error) {
    await only.lose("lock", stage.terminate);
    await only.crash();
    return [String(error)];
  }
  return [...errorOf(only), ...(await faultsOf(stage.query))];
};

function errorOf({ ending }: Migrator): readonly string[] {
  return ending?.error === undefined ? [] : [String(ending.error)];
}
