/** Workers of one backfill on several nodes of a Galera cluster, killed in the middle. Only in the full form. */
import { afterAll, describe, expect, it } from "vitest";
import { freshGalera, startGalera } from "../support/galera.ts";
import { begin, type Ground, hasBegun, proveOnce, storm } from "./support/backfill-storm.ts";
import { numbersSqlGalera } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
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
