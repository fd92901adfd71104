/** Backfills on SQLite whose processes are killed and frozen: every row once, and the file is nobody's in the end. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "vitest";
import {
  begin,
  comeToTheEnd,
  freezeInTurn,
  type Ground,
  proveOnce,
  storm,
} from "./support/backfill-storm.ts";
import { figuresOf, full } from "./support/figures.ts";
import { seed } from "./support/random.ts";

const figures = figuresOf("backfill faults on SQLite");
figures.tell("seed", seed);
const rows = full ? 100_000 : 40_000;

async function onFile(work: (ground: Ground) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-backfill-"));
  const path = join(folder, "test.db");
  const db = new DatabaseSync(path, { timeout: 60_000 });
  db.exec("create table numbers (id integer primary key, n integer not null default 0)");
  db.exec(
    `insert into numbers with recursive s(g) as (select 1 union all select g + 1 from s where g < ${rows}) select g, 0 from s`,
  );
  const [visits, slow] = [`${path}-visits`, `${path}-slow`];
  writeFileSync(slow, "");
  try {
    await work({
      settings: { kind: "sqlite", address: path, scenario: "countSqlite" },
      query: async (sql) => db.prepare(sql).all(),
      visits: async () => (existsSync(visits) ? statSync(visits).size : 0),
      hurry: async () => rmSync(slow),
    });
    // Nobody else has it.
    db.exec("begin exclusive; rollback");
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("on SQLite", { timeout: full ? 600_000 : 240_000 }, () => {
  const storms = full
    ? [
        { workers: 1, kills: 12 },
        { workers: 2, kills: 8 },
      ]
    : [{ workers: 2, kills: 4 }];

  it.each(storms)("$workers at work, $kills kills", (how) =>
    onFile(async (ground) => {
      await storm(ground, how);
      const name = `${how.workers} processes, ${how.kills} SIGKILLs`;
      await proveOnce(ground, figures, { name, faults: how.kills });
    }),
  );

  it("frozen for longer than a statement waits for the file: all go on", () =>
    onFile(async (ground) => {
      const count = full ? 3 : 1;
      const children = [await begin(ground), await begin(ground)];
      await freezeInTurn(children, { times: count, ms: 5_500 });
      await comeToTheEnd(ground, children);
      await proveOnce(ground, figures, { name: `${count} SIGSTOPs`, faults: count });
    }));
});
