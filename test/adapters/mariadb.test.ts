import { createServer } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import type { Session } from "../../src/adapters/adapter.ts";
import { mariadb } from "../../src/adapters/mariadb/index.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { describeFaults } from "../support/driver-faults.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { mysqlPassword } from "../support/mysql-owner.ts";

const server = await mariadbOfRun();
const work = { role: "work", application: "test" } as const;
const fresh = async () => {
  const database = await freshMysql(server?.url ?? "");
  return { ...database, adapter: mariadb({ url: database.url }) };
};

describe.skipIf(server === undefined)("on MariaDB", () => {
  describeAdapter(
    "mariadb",
    {
      make: fresh,
      parameter: "?",
      notice: {
        sql: "DROP TABLE IF EXISTS nowhere.missing",
        expected: { level: "info", message: "Unknown table 'nowhere.missing'" },
      },
      password: mysqlPassword,
    },
    { describe, it, expect },
  );

  describeFaults({ folder: "mariadb", name: "mariadb" }, async () => {
    const { url, ...database } = await fresh();
    const name = new URL(url).pathname.slice(1);
    const endConnections = async () => {
      const rows = await database.query(
        `SELECT id FROM information_schema.processlist WHERE db = '${name}' AND id <> CONNECTION_ID()`,
      );
      for (const { id } of rows) await database.query(`KILL ${id}`).catch(() => undefined);
    };
    return { ...database, endConnections, options: { url } };
  });

  describe("mariadb as a driver", () => {
    it("gives rows as mysql2 gives them", () =>
      onBoth(async (own, same) => {
        for (const { sql, parameters } of statements)
          expect([sql, await own.query(sql, parameters)]).toEqual([
            sql,
            await same.query(sql, parameters),
          ]);
      }));

    it("tells an error by the words of the server, without the statement and its values", () =>
      onBoth(async (own, same) => {
        for (const sql of ["SELECT secret FROM missing", "SELEC 1", "SELECT ? FROM missing"]) {
          const parameters = sql.includes("?") ? ["secret"] : [];
          const [error, expected] = [
            await failure(own.query(sql, parameters)),
            await failure(same.query(sql, parameters)),
          ];
          expect(String(error.message)).toBe(expected.message);
          expect(own.errorKind(error)).toBe(same.errorKind(expected));
        }
      }));

    it("knows whether a transaction is open, cancels what runs, and begins again", () =>
      onBoth(async (own) => {
        expect(await own.inTransaction?.()).toBe(false);
        await own.query("BEGIN");
        expect(await own.inTransaction?.()).toBe(true);
        await own.query("ROLLBACK");
        await own.query("CREATE TEMPORARY TABLE mine (id int)");
        expect(await own.query("SELECT ? AS a", [1])).toEqual([{ a: 1 }]);
        await own.renew?.();
        expect(own.errorKind(await failure(own.query("SELECT * FROM mine")))).toBe("table_missing");
        expect(await own.query("SELECT ? AS a", [2])).toEqual([{ a: 2 }]);
        // IGNORE_SPACE would make it a reserved word.
        expect(await own.query("SELECT 1 AS count")).toEqual([{ count: 1 }]);
        await own.query("CREATE TEMPORARY TABLE count (id int)");
        const sleeping = failure(own.query("SELECT SLEEP(60) FROM seq_1_to_2"));
        setTimeout(() => own.cancel?.(), 300);
        expect(own.errorKind(await sleeping)).toBe("timeout");
      }));

    it("is lost with its connection, and the lock with it", async () => {
      const { adapter, query, dispose } = await fresh();
      const lock = await adapter.open({ ...work, role: "lock" });
      try {
        const { lease } = await lock.tryLock("lost");
        const [own] = await lock.query("SELECT CONNECTION_ID() AS id");
        await query(`KILL ${own?.id}`);
        await expect.poll(() => lease?.lost.aborted).toBe(true);
        expect(lock.errorKind(await failure(lock.query("SELECT 1")))).toBe("connection_lost");
      } finally {
        await lock.close();
        await dispose();
      }
    });

    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    afterAll(() => silent.close());
    const failures: readonly (readonly [string, () => Partial<URL>, RegExp])[] = [
      ["a wrong password", () => ({ password: "0ther!" }), /Check the user/],
      ["no such database", () => ({ pathname: "/nope" }), /slipway create/],
      ["nobody listening", () => ({ port: "1" }), /running at 127\.0\.0\.1:1/],
      ["no TLS", () => ({ search: "ssl-mode=REQUIRED" }), /wants TLS/],
      ["no answer", () => ({ port: portOf(silent) }), /Nothing answered at 127/],
    ];
    it.each(failures)("says what to do about %s, without the password", async (_, change, hint) => {
      const url = new URL(server?.url ?? "");
      Object.assign(url, change());
      const opened = mariadb({ url: url.href, connectTimeoutMs: 1_000 }).open(work);
      const error = await failure(opened);
      expect(error).toMatchObject({ name: "ConnectionFailed", hint: expect.stringMatching(hint) });
      expect(String(error)).not.toContain("0ther!");
    });
  });
});

async function onBoth(use: (own: Session, same: Session) => Promise<void>): Promise<void> {
  const { url, adapter, dispose } = await fresh();
  const [own, same] = [await adapter.open(work), await mysql({ url }).open(work)];
  try {
    await use(own, same);
  } finally {
    await own.close();
    await same.close();
    await dispose();
  }
}

function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error("nothing failed"),
    (error) => error,
  );
}

function portOf(listening: ReturnType<typeof createServer>): string {
  const address = listening.address();
  return typeof address === "object" && address !== null ? String(address.port) : "";
}

const statements: readonly { readonly sql: string; readonly parameters?: readonly unknown[] }[] = [
  { sql: "SELECT 1 AS a, 9007199254740993 AS b, 1.50 AS c, 1.5e0 AS d, NULL AS e, 'é' AS f" },
  {
    sql: "SELECT CAST(2 AS UNSIGNED) AS a, COUNT(*) AS n, TRUE AS t, b'1' AS bit, x'00ff' AS bytes",
  },
  {
    sql: "SELECT DATE'2024-02-29' AS d, TIMESTAMP'2024-02-29 10:11:12.5' AS t, TIME'10:11:12' AS h",
  },
  { sql: "SELECT JSON_OBJECT('a', 1) AS j, 1 AS twice, 2 AS twice" },
  { sql: "SELECT ? AS a, ? AS b, ? AS c", parameters: ["it's \\ ?", 7, null] },
  { sql: "SELECT ? AS a, ? AS b", parameters: [true, 9007199254740993n] },
  { sql: "SELECT CAST(? AS CHAR) AS a", parameters: [new Date("2024-02-29T10:11:12.345Z")] },
  { sql: "SELECT HEX(?) AS a, ? AS b", parameters: [new Uint8Array([0, 255]), { a: [1] }] },
  {
    sql: "CREATE TABLE IF NOT EXISTS t (id int, small tinyint(1), one bit(1), big bigint, d decimal(9,2), j json)",
  },
  { sql: "REPLACE INTO t VALUES (1, 1, b'1', 9007199254740993, 1.50, '{\"a\": 1}')" },
  { sql: "SELECT * FROM t LIMIT 1" },
  { sql: "SELECT * FROM t WHERE id = ? LIMIT 1", parameters: [1] },
  { sql: "SELECT 1 FROM t WHERE id = 7" },
  { sql: "SHOW VARIABLES LIKE 'sql_mode'" },
];
