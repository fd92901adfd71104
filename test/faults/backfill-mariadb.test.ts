/** Backfills on MariaDB whose processes are killed, frozen and cut off: every row once, and nothing is stuck. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "vitest";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import {
  begin,
  comeToTheEnd,
  freezeInTurn,
  type Ground,
  hasBegun,
  proveOnce,
  storm,
} from "./support/backfill-storm.ts";
import { type BackfillScenario, numbersSqlMysql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { oneOf, seed } from "./support/random.ts";

const figures = figuresOf("backfill faults on MariaDB");
figures.tell("seed", seed);
const rows = full ? 150_000 : 40_000;
const server = await mariadbOfRun();
if (server === undefined) figures.tell("MariaDB", "not done: it is not installed");

type Cut = Ground & {
  /** Ends a connection of the processes. Says whether there was one. */
  cut(): Promise<boolean>;
};

async function onDatabase(
  scenario: BackfillScenario,
  work: (ground: Cut) => Promise<void>,
): Promise<void> {
  const { url, query, dispose } = await freshMysql(server?.url ?? "");
  try {
    for (const sql of numbersSqlMysql(rows)) await query(sql);
    await work({
      settings: { kind: "mysql", address: url, scenario, leaseMs: 2_000 },
      query,
      visits: async () => Number((await query("select nextval(visits) - 1 as it"))[0]?.it),
      hurry: async () => void (await query("update slowness set seconds = 0")),
      cut: async () => {
        const theirs = await query(
          "select id from information_schema.processlist where db = database() and id <> connection_id() order by id",
        );
        if (theirs.length === 0) return false;
        // It may have ended by itself in between.
        return await query(`kill connection ${oneOf(theirs).id}`).then(
          () => true,
          () => false,
        );
      },
    });
    figures.must(`${scenario}: transactions left open`, (await query(openSql)).length, 0);
  } finally {
    await dispose();
  }
}

const openSql =
  "select 1 from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id where p.db = database() and p.id <> connection_id()";

const timeout = full ? 600_000 : 240_000;

describe.skipIf(server === undefined)("on MariaDB", { timeout }, () => {
  const storms = full
    ? [
        { workers: 1, kills: 20 },
        { workers: 3, kills: 20 },
      ]
    : [{ workers: 3, kills: 5 }];

  it.each(storms)("$workers at work, $kills kills", (how) =>
    onDatabase("countMysql", async (ground) => {
      await storm(ground, how);
      const name = `${how.workers} processes, ${how.kills} SIGKILLs`;
      await proveOnce(ground, figures, { name, faults: how.kills });
    }),
  );

  it("frozen past every timeout: another one goes on, and the one that wakes changes nothing twice", () =>
    onDatabase("countMysql", async (ground) => {
      const count = full ? 4 : 1;
      const children = [await begin(ground), await begin(ground)];
      // The server ends a transaction after two seconds of silence.
      await freezeInTurn(children, { times: count, ms: 3_500 });
      await comeToTheEnd(ground, children);
      await proveOnce(ground, figures, { name: `${count} SIGSTOPs`, faults: count });
    }));

  it("connections that the server ends: the same processes go on", () =>
    onDatabase("countTwiceMysql", async (ground) => {
      const count = full ? 40 : 8;
      const children = [await begin(ground), await begin(ground)];
      await Promise.all(children.map(hasBegun));
      for (let ended = 0; ended < count; ) {
        await sleep(60);
        if (await ground.cut()) ended += 1;
      }
      await comeToTheEnd(ground, children);
      await proveOnce(ground, figures, { name: `${count} connections ended`, faults: count });
    }));
});
