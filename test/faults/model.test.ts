/** Two migrators whose steps are interleaved at random, with crashes and lost locks, against what must always hold. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Adapter, Row, Session } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import type { Migrator } from "./model/stepped.ts";
import { before, type Deed, faultsOf, startMigrator } from "./model/world.ts";
import { without } from "./mutation/without.ts";
import { figuresOf, full, progress } from "./support/figures.ts";

const figures = figuresOf("model");
const numRuns = full ? 200 : 12;

type Act =
  | { readonly kind: "steps"; readonly who: 0 | 1; readonly count: number }
  | { readonly kind: "crash" | "notice" | "lose_lock" | "lose_work"; readonly who: 0 | 1 }
  | { readonly kind: "start"; readonly who: 0 | 1; readonly deed: Deed };

const who = fc.constantFrom(0 as const, 1 as const);
const acts = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("steps" as const),
        who,
        count: fc.integer({ min: 1, max: 25 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          "crash",
          "notice",
          "lose_lock",
          "lose_lock",
          "lose_lock",
          "lose_work",
        ),
        who,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("start" as const),
        who,
        deed: fc.constantFrom("up" as const, "up" as const, "down" as const),
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
) as fc.Arbitrary<Act[]>;

describe("random interleavings of two migrators", () => {
  let database: FreshDatabase;
  let watch: Session;
  beforeEach(async () => {
    database = await freshDatabase();
    watch = await postgres({ url: database.url }).open({ role: "work", application: "watch" });
  });
  afterEach(async () => {
    await watch.close();
    await database.drop();
  });
  const counts = { steps: 0, crashes: 0, lost: 0, runs: 0 };

  /** The server ends a connection, as it does when a lease is over. */
  const terminate = async (pid: string) => {
    await watch.query(`select pg_terminate_backend(${Number(pid)}, 5000)`);
  };
  const query = (sql: string): Promise<readonly Row[]> => watch.query(sql);

  async function play(
    script: readonly Act[],
    change: (adapter: Adapter) => Adapter,
  ): Promise<void> {
    await query("drop schema public cascade; create schema public");
    for (const sql of before) await query(sql);
    const adapter = change(postgres({ url: database.url, lockLeaseMs: 600_000 }));
    const slots: Migrator[] = [startMigrator(adapter, "up"), startMigrator(adapter, "up")];
    const ended: Migrator[] = [];
    const settle = async (migrator: Migrator) => void ended.push(await migrator.finish());
    for (const act of script) {
      const migrator = slots[act.who]!;
      counts.steps += act.kind === "steps" ? act.count : 0;
      switch (act.kind) {
        case "steps":
          for (let i = 0; i < act.count; i += 1) await migrator.step();
          break;
        case "crash":
          counts.crashes += migrator.over ? 0 : 1;
          await migrator.crash();
          break;
        case "notice":
          migrator.notice();
          break;
        case "lose_lock":
        case "lose_work":
          counts.lost += migrator.over ? 0 : 1;
          await migrator.lose(act.kind === "lose_lock" ? "lock" : "work", terminate);
          break;
        case "start":
          if (!migrator.over) break;
          ended.push(migrator);
          slots[act.who] = startMigrator(adapter, act.deed);
          break;
      }
    }
    await alternate(slots);
    for (const migrator of slots) await settle(migrator);
    for (const deed of ["down", "up"] as const) await settle(startMigrator(adapter, deed));
    for (const migrator of ended)
      if (!migrator.disturbed && migrator.ending?.error !== undefined)
        throw new Error("a migrator that nothing disturbed failed", {
          cause: migrator.ending.error,
        });
    expect(await faultsOf(query)).toEqual([]);
    counts.runs += 1;
    if (counts.runs % 20 === 0) progress(`${counts.runs} interleavings`);
  }

  /** Both to their end, one step each. */
  async function alternate(slots: readonly Migrator[]): Promise<void> {
    for (let steps = 0; steps < 2_000 && slots.some((one) => !one.over); steps += 1)
      for (const migrator of slots) {
        migrator.notice();
        await migrator.step();
      }
  }

  const seed = Number(process.env.SLIPWAY_SEED ?? 20210718153339 % 2 ** 31);
  const check = (change: (adapter: Adapter) => Adapter) => {
    const property = fc.asyncProperty(acts, (script) => play(script, change));
    return fc.check(property, { numRuns, seed, endOnFailure: true });
  };

  it("runs no migration twice, loses none, and the history is the catalog", {
    timeout: 3_600_000,
  }, async () => {
    const result = await check((adapter) => adapter);
    figures.tell("seed", result.seed);
    if (result.failed) console.error(fc.defaultReportMessage(result), result.errorInstance);
    figures.must(
      "interleavings with something run twice, lost or untrue",
      Number(result.failed),
      0,
    );
    figures.must("interleavings", counts.runs, numRuns);
    figures.atLeast("crashes", counts.crashes, 1);
    figures.atLeast("connections lost", counts.lost, 1);
  });

  it.runIf(full).each(["fence", "journal"] as const)(
    "sees that there is no %s",
    {
      timeout: 3_600_000,
    },
    async (mechanism) => {
      const { failed, numRuns } = await check((adapter) => without(mechanism, adapter));
      figures.must(`without the ${mechanism}, something goes wrong`, failed ? "yes" : "no", "yes");
      figures.tell(`without the ${mechanism}, seen after`, `${numRuns} interleavings`);
    },
  );
});
