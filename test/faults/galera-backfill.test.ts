/** Workers of one backfill on several nodes of a Galera cluster, killed in the middle. Only in the full form. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { freshGalera, startGalera } from "../support/galera.ts";
import {
  begin,
  comeToTheEnd,
  freezeInTurn,
  type Ground,
  hasBegun,
  proveOnce,
  storm,
} from "./support/backfill-storm.ts";
import { numbersSqlGalera } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { isolate } from "./support/isolate.ts";
import { seed } from "./support/random.ts";
import { run } from "./support/start.ts";

const figures = figuresOf("backfills on Galera");
figures.tell("seed", seed);
const cluster = full ? await startGalera(3) : undefined;
afterAll(() => cluster?.stop());
if (cluster === undefined)
  figures.tell("Galera", full ? "not done: it is not installed" : "only in the full form");

describe.skipIf(cluster === undefined)("on three nodes", { timeout: 900_000 }, () => {
  /** Each process that begins has the next node. */
  async function onCluster(rows: number, work: (ground: Ground) => Promise<void>): Promise<void> {
    const { urls, query, dispose } = await freshGalera(cluster!);
    let begun = 0;
    try {
      for (const sql of numbersSqlGalera(rows)) await query(sql);
      await work({
        get settings() {
          const address = urls[begun++ % urls.length] ?? "";
          return { kind: "mysql", address, scenario: "countGalera", leaseMs: 2_000 } as const;
        },
        query,
        hurry: async () => void (await query("update slowness set seconds = 0")),
      });
    } finally {
      await dispose();
    }
  }

  it("six workers that nothing disturbs", () =>
    onCluster(20_000, async (ground) => {
      const children = await Promise.all(Array.from({ length: 6 }, () => begin(ground)));
      const ends = await Promise.all(children.map((child) => child.ended));
      figures.must(
        "6 workers on 3 nodes: exit codes",
        ends.map(({ code }) => code).join(" "),
        "0 0 0 0 0 0",
      );
      await proveOnce(ground, figures, { name: "6 workers on 3 nodes", faults: 1 });
    }));

  it.each([
    { workers: 3, kills: 20 },
    { workers: 6, kills: 20 },
  ])("$workers workers, $kills kills", (how) =>
    onCluster(150_000, async (ground) => {
      await storm(ground, how);
      const name = `${how.workers} workers on 3 nodes, ${how.kills} SIGKILLs`;
      await proveOnce(ground, figures, { name, faults: how.kills });
    }),
  );

  it("workers that freeze for longer than the lease of their range", () =>
    onCluster(150_000, async (ground) => {
      const children = await Promise.all(Array.from({ length: 4 }, () => begin(ground)));
      // The lease of a range is 2.5 s here: the timeout of the batch and one second.
      await freezeInTurn(children, { times: 8, ms: 3_500 });
      await comeToTheEnd(ground, children);
      await proveOnce(ground, figures, { name: "4 workers on 3 nodes, 8 frozen", faults: 8 });
    }));

  it("leases that end early or late, as where the clocks of two nodes differ", () =>
    onCluster(150_000, async (ground) => {
      const children = await Promise.all(Array.from({ length: 6 }, () => begin(ground)));
      await Promise.all(children.map(hasBegun));
      let moved = 0;
      for (let i = 0; i < 150; i++) {
        const until = i % 3 === 0 ? "leased_until_ms + 400" : "0";
        const sql = `update slipway_backfill_ranges set leased_until_ms = ${until} where leased_until_ms > 0`;
        // A worker may have written the same row meanwhile.
        if (await ground.query(sql).then(Boolean, () => false)) moved += 1;
        await sleep(40);
      }
      figures.atLeast("leases moved by hand: times", moved, 50);
      await comeToTheEnd(ground, children);
      await proveOnce(ground, figures, { name: "6 workers, leases moved by hand", faults: moved });
    }));

  it("a node leaves in the middle: the workers of the others do the rest", () =>
    onCluster(40_000, async (ground) => {
      const last = cluster!.nodes.at(-1)!.url;
      const children = await Promise.all(Array.from({ length: 6 }, () => begin(ground)));
      await Promise.all(children.map(hasBegun));
      await isolate(last, true);
      await sleep(3_000);
      const before = await ground.query("select count(*) as n from numbers where n > 0");
      await sleep(1_000);
      const after = await ground.query("select count(*) as n from numbers where n > 0");
      figures.atLeast(
        "a node leaves: rows done by the others meanwhile",
        Number(after[0]?.n) - Number(before[0]?.n),
        1,
      );
      await isolate(last, false);
      await ground.hurry();
      const ends = await Promise.all(children.map((child) => child.ended));
      figures.tell(
        "a node leaves: exit codes, each third of its workers",
        ends.map(({ code }) => code).join(" "),
      );
      expect(ends.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(4);
      await proveOnce(ground, figures, { name: "6 workers, a node leaves", faults: 2 });
    }));

  it("all workers are killed: one on another node does the rest", () =>
    onCluster(20_000, async (ground) => {
      const children = await Promise.all([begin(ground), begin(ground)]);
      await Promise.all(children.map(hasBegun));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map((child) => child.ended));
      await ground.hurry();
      const next = await run(ground.settings, ["migrate-data"]);
      expect(next).toMatchObject({ code: 0 });
      await proveOnce(ground, figures, { name: "2 workers killed, a third node", faults: 2 });
    }));
});
