/** The signals of a throttle that MariaDB tells. */
import { createConnection } from "mysql2/promise";
import { beforeEach, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import type { Throttle } from "../../src/index.ts";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";
import { counted, counting, holding, pause, rows, until } from "./support/hold.ts";

const server = await mariadbOfFile();
const serverUrl = server?.url ?? "";

describe.skipIf(server === undefined)("on MariaDB", () => {
  let database: MysqlDatabase;

  beforeEach(async () => {
    database = await freshMysql(serverUrl);
    await database.query("create table numbers (id bigint primary key, n int not null default 0)");
    await database.query(`insert into numbers select seq, 0 from seq_1_to_${rows}`);
    return () => database.dispose();
  });

  type End = () => Promise<unknown>;

  async function sleeping(): Promise<End> {
    const connection = await createConnection({ uri: serverUrl });
    const { threadId } = connection;
    const ended = connection.query("select sleep(600)").catch(() => undefined);
    return async () => {
      await database.query(`kill ${threadId}`);
      await ended;
    };
  }

  async function leftOpen(): Promise<End> {
    const connection = await createConnection({ uri: serverUrl });
    await connection.query("start transaction with consistent snapshot");
    await until(async () => {
      // The server refreshes this table only when nobody has read it for a tenth of a second.
      await pause(200);
      const [row] = await database.query(
        "select count(*) as n from information_schema.innodb_trx where timestampdiff(second, trx_started, convert_tz(now(), @@time_zone, 'SYSTEM')) > 1",
      );
      return Number(row?.n) > 0;
    });
    return () => connection.end();
  }

  it.each<[string, Throttle, RegExp, () => Promise<End>]>([
    [
      "connections at work",
      { activeConnections: 2 },
      /^\d connections are at work, more than 2$/,
      async () => {
        const ends = await Promise.all([sleeping(), sleeping(), sleeping()]);
        return () => Promise.all(ends.map((end) => end()));
      },
    ],
    [
      "a transaction that is open",
      { longTransactionMs: 1_000, checkEveryMs: 250 },
      /^a transaction is open for \d{4,5} ms, longer than 1000 ms$/,
      leftOpen,
    ],
  ])("holds because of %s, says so, and goes on after it", async (_, throttle, reason, begin) => {
    // Times of the server are not those of a connection.
    await database.query("set global time_zone = '+05:00'");
    const end = await begin();
    const { release, held } = counting(database, throttle);
    const working = release.migrateData();
    await holding(database, held, reason);
    await release.backfills.set(1, { pauseMs: 0 });
    await end();
    await working;
    expect(await counted(database)).toBe(rows);
    await database.query("set global time_zone = 'SYSTEM'");
  });

  it.each<[string, Throttle]>([
    ["activeConnections", { activeConnections: 2 }],
    ["longTransactionMs", { longTransactionMs: 1_000 }],
  ])("%s cannot be read without the right PROCESS", async (name, throttle) => {
    const url = new URL(database.url);
    const root = await createConnection({ uri: serverUrl });
    await root.query("create or replace user plain@'127.0.0.1' identified by 'plain'");
    await root.query(`grant all on \`${url.pathname.slice(1)}\`.* to plain@'127.0.0.1'`);
    await root.end();
    url.username = "plain";
    url.password = "plain";
    const place = { ...database, adapter: mysql({ url: url.href }) };
    const first = counting(place, throttle);
    const working = first.release.migrateData({ forMs: 3_000 });
    await holding(place, first.held, new RegExp(`^${name} cannot be read: .*PROCESS`));
    expect((await working)[0]?.resume).toBeDefined();
    const second = counting(place, { ...throttle, unreadable: "go" }, { pauseMs: 0 });
    await second.release.migrateData({ acceptChanged: true });
    expect(await counted(place)).toBe(rows);
  });

  it("a signal that only PostgreSQL has cannot be read", async () => {
    const { release, held } = counting(database, { slotBytes: 1 });
    const working = release.migrateData();
    await holding(database, held, /^slotBytes cannot be read: MariaDB does not tell this$/);
    await release.backfills.set(1, { throttle: { unreadable: "go" }, pauseMs: 0 });
    await working;
    expect(await counted(database)).toBe(rows);
  });
});
