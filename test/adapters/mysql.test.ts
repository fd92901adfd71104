import { once } from "node:events";
import { createServer } from "node:net";
import { inspect } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import type { Adapter, Session } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { lockName } from "../../src/adapters/mysql/lock.ts";
import { ReleaseError } from "../../src/core/model/errors.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { mysqlPassword } from "../support/mysql-owner.ts";

const server = await mariadbOfRun();
const serverUrl = server?.url ?? "";

describe.skipIf(server === undefined)("on MariaDB", () => {
  describeAdapter(
    "mysql",
    {
      make: () => freshMysql(serverUrl),
      parameter: "?",
      notice: {
        sql: "DROP TABLE IF EXISTS nowhere.missing",
        expected: { level: "info", message: "Unknown table 'nowhere.missing'" },
      },
      password: mysqlPassword,
    },
    { describe, it, expect },
  );

  describe("a connection", () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    afterAll(() => silent.close());

    const failures: readonly (readonly [string, () => string, RegExp, RegExp])[] = [
      ["wrong password", () => change({ password: "0ther!" }), /Access denied/, /user slipway and/],
      ["no password", () => change({ password: "" }), /Access denied/, /Check the user/],
      ["no such database", () => change({ pathname: "/nope" }), /'nope'/, /slipway create/],
      ["no database", () => change({ pathname: "" }), /names no database/, /host:port\/database/],
      [
        "nobody listening",
        () => change({ port: "1" }),
        /ECONNREFUSED/,
        /running at 127\.0\.0\.1:1/,
      ],
      [
        "no such host",
        () => change({ hostname: "no.invalid" }),
        /no\.invalid/,
        /running at no\.inv/,
      ],
      ["no URL", () => "mysql://u:0ther!@h:port/db", /^the URL cannot be read$/, /percent-encoded/],
      ["a bare slash", () => "mysql://u:12/0ther!@h/db", /^the URL cannot be read$/, /percent-/],
      ["no TLS", () => `${change({})}?ssl-mode=REQUIRED`, /SSL|secure/, /wants TLS/],
      ["a parameter", () => `${change({})}?tls=yes`, /parameter tls that cannot/, /ssl-mode=/],
      ["no answer", () => change({ port: portOf(silent) }), /ETIMEDOUT/, /Nothing answered at 127/],
    ];

    it.each(failures)("says what is wrong and what to do: %s", async (name, url, reason, hint) => {
      const connectTimeoutMs = name === "no answer" ? 200 : 10_000;
      const adapter = mysql({ url: url(), connectTimeoutMs });
      const error = await failure(adapter.open({ role: "work", application: "test" }));
      expect(error).toMatchObject({
        name: "ConnectionFailed",
        message: expect.stringMatching(reason),
        hint: expect.stringMatching(hint),
      });
      expect(inspect(error, { depth: 9 }) + adapter.describe()).not.toContain("0ther!");
    });

    it("takes a password from elsewhere, and shows it nowhere", async () => {
      const { url, dispose } = await freshMysql(serverUrl);
      const bare = new URL(url);
      bare.password = "";
      const adapter = mysql({
        url: bare.href,
        connection: { password: async () => mysqlPassword },
      });
      const session = await open(adapter, "work");
      expect(inspect(adapter.describe())).not.toContain(mysqlPassword);
      await session.close();
      await dispose();
    });

    it("asks the server what it is", () =>
      withDatabase(async ({ adapter }) => {
        const session = await open(adapter, "work");
        expect([adapter.dialect.label, session.dialect.label]).toEqual(["MySQL", "MariaDB"]);
        await session.close();
      }));

    it("ends without an error that nobody hears", () =>
      withDatabase(async ({ adapter, query }) => {
        const session = await open(adapter, "work");
        await query(`KILL ${await idOf(session)}`);
        const error = await failure(session.query("SELECT 1"));
        expect(session.errorKind(error)).toBe("connection_lost");
        await session.close();
      }));

    it("gives numbers as they are, and as text where a number is not exact", () =>
      withDatabase(async ({ query }) => {
        const sql =
          "SELECT 9007199254740993 AS big, 7 AS small, 1.50 AS price, DATE'2026-01-02' AS day";
        expect(await query(sql)).toEqual([
          { big: "9007199254740993", small: 7, price: "1.50", day: "2026-01-02" },
        ]);
      }));
  });

  describe("the lock", () => {
    it("says who holds it", () =>
      withDatabase(async ({ adapter }) => {
        const [one, two] = [await open(adapter, "lock"), await open(adapter, "lock")];
        await one.tryLock("a");
        expect(await two.lockHolder?.("a")).toEqual({ pid: await idOf(one), host: "127.0.0.1" });
        await Promise.all([one.close(), two.close()]);
      }));

    it("is another one in another database", async () => {
      const [here, there] = [await freshMysql(serverUrl), await freshMysql(serverUrl)];
      const [one, two] = [await open(here.adapter, "lock"), await open(there.adapter, "lock")];
      const attempts = [await one.tryLock("a"), await two.tryLock("a")];
      expect(attempts.map(({ lease }) => lease !== undefined)).toEqual([true, true]);
      expect(lockName("a".repeat(64), "b".repeat(200))).toMatch(/^slipway:[0-9a-f]{48}$/);
      await Promise.all([one.close(), two.close()]);
      await Promise.all([here.dispose(), there.dispose()]);
    });

    it("is free and known to be lost when its connection is killed", () =>
      withDatabase(async ({ adapter, query }) => {
        const [one, two] = [await open(adapter, "lock"), await open(adapter, "lock")];
        const { lease } = await one.tryLock("a");
        const lost = once(lease!.lost, "abort");
        await query(`KILL ${await idOf(one)}`);
        await lost;
        await expect.poll(async () => (await two.tryLock("a")).lease).toBeDefined();
        await lease?.release();
        await Promise.all([one.close(), two.close()]);
      }));

    it("is lost when the server does not know of it any more", () =>
      withDatabase(async ({ url }) => {
        const session = await open(mysql({ url, lockLeaseMs: 90 }), "lock");
        const { lease } = await session.tryLock("a");
        const lost = once(lease!.lost, "abort");
        await session.query("DO RELEASE_ALL_LOCKS()");
        await lost;
        expect(lease?.lost.aborted).toBe(true);
        await session.close();
      }));

    it("ends by itself when its holder is silent", () =>
      withDatabase(async ({ url }) => {
        const session = await open(mysql({ url, lockLeaseMs: 12_000 }), "lock");
        await session.tryLock("a");
        expect(await session.query("SELECT @@wait_timeout AS seconds")).toEqual([{ seconds: 12 }]);
        await session.close();
      }));

    it("has a number, and whoever has an older one cannot commit", () =>
      withDatabase(async ({ adapter }) => {
        const [old, young] = [await open(adapter, "work"), await open(adapter, "work")];
        const request = { name: "a", history: { name: "schema_migrations" } };
        const first = (await old.takeFence?.(request))?.proof ?? [];
        await old.execute([plain("START TRANSACTION"), ...first]);
        expect(await young.takeFence?.(request)).toBeUndefined();
        await old.execute([plain("COMMIT")]);
        const second = (await young.takeFence?.(request))?.proof ?? [];
        await young.execute([plain("START TRANSACTION"), ...second, plain("COMMIT")]);
        const late = failure(old.execute([plain("START TRANSACTION"), ...first]));
        expect((await late).message).toMatch(/migration lock was lost/);
        await Promise.all([old.close(), young.close()]);
      }));
  });

  it("a running statement is seen by its connection, and cancelled", () =>
    withDatabase(async ({ adapter }) => {
      const [one, two] = [await open(adapter, "work"), await open(adapter, "work")];
      const id = await idOf(one);
      await expect.poll(() => two.runningOn?.(id)).toBeUndefined();
      const sleeping = failure(one.query("SELECT SLEEP(20)"));
      await expect.poll(() => two.runningOn?.(id)).toMatch("SELECT SLEEP(20)");
      await one.cancel?.();
      expect((await sleeping).message).toMatch(/interrupted/);
      expect(await one.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await Promise.all([one.close(), two.close()]);
    }));

  describe("a database", () => {
    it("is made in utf8mb4 and removed, and both say whether there was anything to do", async () => {
      const adapter = mysql({ url: change({ pathname: "/it's%20`new`" }) });
      expect(await adapter.storage?.create()).toBe("created");
      expect(await adapter.storage?.create()).toBe("already_there");
      const session = await open(adapter, "work");
      expect(await session.query("SELECT @@character_set_database AS letters")).toEqual([
        { letters: "utf8mb4" },
      ]);
      await session.query("CREATE TABLE posts (id int)");
      await session.query("START TRANSACTION");
      await session.query("SELECT * FROM posts");
      expect(await adapter.storage?.drop({ force: true })).toBe("dropped");
      expect(await adapter.storage?.drop()).toBe("already_gone");
      await session.close();
    });
  });
});

describe("without a server", () => {
  it.each([
    ["mysql://me:secret@db.example/app", "mysql://me@db.example:3306/app"],
    ["mariadb://me@[::1]:6000/app", "mysql://me@[::1]:6000/app"],
    ["postgres://me:secret@host/app", "mysql (its URL cannot be read)"],
    ["", "mysql (its URL is not set)"],
  ])("%s is described as %s", (url, expected) => {
    expect(mysql({ url }).describe()).toBe(expected);
  });

  it("passes on what the function of the user throws, which a description survives", async () => {
    const missing = new ReleaseError("env_missing", { variable: "DATABASE_URL" });
    const adapter = mysql({
      url: () => {
        throw missing;
      },
    });
    expect(await failure(adapter.open({ role: "work", application: "test" }))).toBe(missing);
    expect(adapter.describe()).toBe("mysql (its URL is not set)");
  });
});

async function withDatabase(work: (database: MysqlDatabase) => Promise<void>): Promise<void> {
  const database = await freshMysql(serverUrl);
  try {
    await work(database);
  } finally {
    await database.dispose();
  }
}

function open(adapter: Adapter, role: "work" | "lock"): Promise<Session> {
  return adapter.open({ role, application: "slipway test" });
}

async function idOf(session: Session): Promise<string> {
  const [row] = await session.query(`SELECT ${session.dialect.connectionId} AS id`);
  return String(row?.id);
}

function change(parts: Partial<URL>): string {
  return Object.assign(new URL(serverUrl), parts).href;
}

function portOf(listening: ReturnType<typeof createServer>): string {
  const address = listening.address();
  return typeof address === "object" ? String(address?.port) : "";
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error("nothing failed"),
    (error) => error,
  );
}

function plain(sql: string) {
  return { sql, policy: { kind: "plain" } } as const;
}
