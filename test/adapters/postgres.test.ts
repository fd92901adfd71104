import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, inject, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import type { Adapter, Notice, OpenOptions, Session } from "../../src/adapters/adapter.ts";
import { type PostgresOptions, postgres } from "../../src/adapters/postgres/index.ts";
import { workMark } from "../../src/adapters/postgres/work-mark.ts";
import { ReleaseError } from "../../src/core/model/errors.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";

const { password } = new URL(inject("postgresUrl"));
const database = await freshDatabase();
const pgbouncer = await startPgbouncer(database.url, { poolSize: 3 });
afterAll(async () => {
  await pgbouncer?.stop();
  await database.drop();
});

describeAdapter(
  "postgres",
  {
    make: async () => {
      const { url, drop } = await freshDatabase();
      return { adapter: postgres({ url }), dispose: drop };
    },
    notice: {
      sql: "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$",
      expected: { level: "warning", message: "mind the gap" },
    },
    password,
  },
  { describe, it, expect },
);

describe("a connection", () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  afterAll(() => silent.close());

  const failures: readonly (readonly [string, () => string, RegExp, RegExp])[] = [
    [
      "wrong password",
      () => change({ password: "s3cret!" }),
      /password authentication failed/,
      /Check the user/,
    ],
    ["no password", () => change({ password: "" }), /password must be a/, /asks for a password/],
    [
      "no such database",
      () => change({ pathname: "/nope" }),
      /"nope" does not exist/,
      /slipway create/,
    ],
    [
      "nobody listening",
      () => change({ port: "1" }),
      /ECONNREFUSED/,
      /running at 127\.0\.0\.1:1\?/,
    ],
    [
      "no such host",
      () => change({ hostname: "no.invalid" }),
      /no\.invalid/,
      /running at no\.invalid:/,
    ],
    ["no TLS", () => `${change({})}?sslmode=require`, /SSL/, /sslmode/],
    [
      "no URL",
      () => "postgres://u:s3cret!@h:port/db",
      /^the URL cannot be read$/,
      /percent-encoded/,
    ],
    [
      "a bare slash in the password",
      () => "postgres://u:12/s3cret!@h/db",
      /^the URL cannot/,
      /percent-/,
    ],
    ["no answer", () => change({ port: port(silent) }), /timeout/, /Nothing answered at 127/],
  ];

  it.each(failures)("says what is wrong and what to do: %s", async (name, url, reason, hint) => {
    const connectTimeoutMs = name === "no answer" ? 200 : 10_000;
    const adapter = postgres({ url: url(), connectTimeoutMs });
    const error = await failure(adapter.open({ role: "work", application: "test" }));
    expect(error).toMatchObject({
      name: "ConnectionFailed",
      message: expect.stringMatching(reason),
      hint: expect.stringMatching(hint),
    });
    const shown = inspect(error, { depth: 9 }) + adapter.describe();
    for (const secret of ["s3cret!", password]) expect(shown).not.toContain(secret);
  });

  it("passes on what the function of the user throws, which a description survives", async () => {
    const missing = new ReleaseError("env_missing", { variable: "DATABASE_URL" });
    const adapter = postgres({
      url: () => {
        throw missing;
      },
    });
    expect(await failure(adapter.open({ role: "work", application: "test" }))).toBe(missing);
    expect(adapter.describe()).toBe("postgres (its URL is not set)");
  });

  it.each([
    ["postgres://me:secret@db.example/app", "postgres://me@db.example:5432/app"],
    ["postgresql://me@[::1]:6000", "postgres://me@[::1]:6000/me"],
    ["postgres://me:secret@/app?host=/run/postgresql", "postgres://me@/run/postgresql:5432/app"],
    ["mysql://me:secret@host/app", "postgres (its URL cannot be read)"],
    ["", "postgres (its URL is not set)"],
  ])("of %s is described as %s", (url, expected) => {
    expect(postgres({ url }).describe()).toBe(expected);
  });

  it("goes past the pooler, with what is needed beside the URL", async () => {
    const options: PostgresOptions = {
      url: "postgres://pooler.invalid/app",
      directUrl: () => change({ password: "" }),
      connection: { password: async () => password },
    };
    await using(postgres(options), async (session) => {
      expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });
  });

  it("presents itself by the application's name", async () => {
    await using(postgres({ url: database.url }), async (session) => {
      expect(await session.query("SHOW application_name")).toEqual([{ application_name: "test" }]);
    });
  });

  it("that is cut while idle is lost, and the process lives", async () => {
    await using(postgres({ url: database.url }), async (admin) => {
      await using(postgres({ url: database.url }), async (session) => {
        const [row] = await session.query("SELECT pg_backend_pid() AS pid");
        await admin.query(`SELECT pg_terminate_backend(${row?.pid})`);
        const error = await failure(untilItFails(() => session.query("SELECT 1")));
        expect(session.errorKind(error)).toBe("connection_lost");
      });
    });
  });

  it.each([
    ["postgres", `{ url: "postgres://localhost/a" }`, "pg"],
    ["pglite", `{ dataDir: "db" }`, "@electric-sql/pglite"],
  ])("of %s without its driver names what to install", (name, options, driver) => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-no-driver-"));
    cpSync(join(import.meta.dirname, "../../src"), join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "open.ts"),
      `import { ${name} } from "./src/adapters/${name}/index.ts";
      const adapter = ${name}(${options});
      await adapter.open({ role: "work", application: "test" }).catch((error) => console.log(JSON.stringify(error)));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "open.ts")], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout || JSON.stringify(stderr))).toMatchObject({
      code: "driver_missing",
      message: `the adapter ${name} needs the package ${driver}, which is not installed`,
      hint: `Install it: npm install ${driver}`,
    });
  });

  it("of a shadow without PGlite names a server as the other way", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-no-pglite-"));
    cpSync(join(import.meta.dirname, "../../src"), join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "open.ts"),
      `import { openShadow } from "./src/shadow/trace/shadow.ts";
      await openShadow({ kind: "postgres", extensions: [] }).catch((error) => console.log(JSON.stringify(error)));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "open.ts")], {
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout || JSON.stringify(stderr))).toMatchObject({
      code: "driver_missing",
      message:
        "a database in memory to try migrations on needs the package @electric-sql/pglite, which is not installed",
      hint: "Install it: npm install --save-dev @electric-sql/pglite, or name a server for it: --shadow postgres://user:password@host",
    });
  });
});

describe("notices", () => {
  it("have their level, and a rollback of nothing is none", async () => {
    const notices: Notice[] = [];
    const options = { role: "work", application: "test" } as const;
    const session = await postgres({ url: database.url }).open({
      ...options,
      onNotice: (notice) => notices.push(notice),
    });
    await session.query("SET client_min_messages = debug");
    for (const level of ["debug", "log", "info", "notice", "warning"]) {
      await session.query(`DO $$ BEGIN RAISE ${level} '${level}'; END $$`);
    }
    await session.query("ROLLBACK");
    await session.close();
    const raised = notices.filter(({ message }) => /^[a-z]+$/.test(message));
    expect(raised.map(({ level }) => level)).toEqual(["debug", "info", "info", "info", "warning"]);
    expect(notices.filter(({ message }) => message.includes("no transaction"))).toEqual([]);
  });
});

describe("the lock", () => {
  it("lets indexes be built concurrently while it is held and five others poll", async () => {
    const adapter = postgres({ url: database.url });
    await using(adapter, async (work) => {
      await work.execute([plain("CREATE TABLE big AS SELECT generate_series(1, 20000) AS id")]);
      await work.query("SET statement_timeout = 20000");
      await withSessions(adapter, 6, async ([holder, ...pollers]) => {
        await holder?.tryLock("cic");
        const built = new AbortController();
        const polling = pollers.map(async (poller) => {
          let tries = 0;
          for (; !built.signal.aborted || tries < 3; tries++) {
            expect((await poller.tryLock("cic")).lease).toBeUndefined();
          }
        });
        const sql = "CREATE INDEX CONCURRENTLY big_id ON big (id)";
        await work.execute([
          plain("SELECT 1"),
          { sql, policy: { kind: "online" } },
          plain("SELECT 2"),
        ]);
        built.abort();
        await Promise.all(polling);
        const valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_id'::regclass";
        expect(await work.query(valid)).toEqual([{ indisvalid: true }]);
      });
    });
  });

  it("pins no snapshot, and tells who holds it and what that one runs", async () => {
    const adapter = postgres({ url: database.url });
    await withSessions(adapter, 2, async ([holder, other]) => {
      const [own] = (await holder?.query("SELECT pg_backend_pid()::text AS pid")) ?? [];
      await holder?.tryLock("who");
      const elsewhereDatabase = await freshDatabase();
      const elsewhere = postgres({ url: elsewhereDatabase.url });
      await using(adapter, async (work) => {
        const pinned = `SELECT 1 FROM pg_stat_activity WHERE pid = ${own?.pid} AND backend_xmin IS NOT NULL`;
        expect(await work.query(pinned)).toEqual([]);
        const looking = await Promise.all(
          [adapter, elsewhere].map((one) => one.open({ role: "work", application: "test" })),
        );
        // Who reads was there before, and calls itself as the run does: here, and in another database of the server.
        const reading = looking.map((one) =>
          one.query("SELECT pg_sleep(60), 'a look at slipway_events'").catch(String),
        );
        const sql = "SELECT pg_sleep(60) /* a long migration */";
        const running = work.query(`${sql} ${workMark("2 add_note")}`).catch(String);
        const seen = await until(
          async () => other?.lockHolder?.("who"),
          (found) => found?.running,
        );
        expect(await other?.runAtWork?.("who")).toMatchObject({ holder: seen });
        expect(seen).toEqual({
          pid: own?.pid,
          host: expect.stringMatching(/^127\.0\.0\.1$|^::1$/),
          application: "test",
          since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          migration: "2 add_note",
          running: sql,
        });
        const cancel = (words: string) =>
          other?.query(
            `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%${words}%' AND state = 'active' AND pid <> pg_backend_pid()`,
          );
        await cancel("a long migration");
        expect(await running).toMatch(/canceling statement/);
        // An error is heard a moment before the server says that its connection is idle.
        await until(
          async () => other?.lockHolder?.("who"),
          (found) => found !== undefined && found.running === undefined,
        );
        await cancel("a look at");
        expect(await Promise.all(reading)).toEqual([
          expect.stringMatching(/canceling/),
          expect.stringMatching(/canceling/),
        ]);
        await Promise.all(looking.map((one) => one.close()));
        await elsewhereDatabase.drop();
      });
    });
  });

  it("is lost with its connection, and says so", async () => {
    const adapter = postgres({ url: database.url });
    await withSessions(adapter, 2, async ([holder, other]) => {
      const [own] = (await holder?.query("SELECT pg_backend_pid() AS pid")) ?? [];
      const { lease } = (await holder?.tryLock("lost")) ?? {};
      if (lease === undefined) throw new Error("not taken");
      const aborted = once(lease.lost, "abort");
      await other?.query(`SELECT pg_terminate_backend(${own?.pid})`);
      await aborted;
      expect(lease.lost.aborted).toBe(true);
      await lease.release();
    });
  });

  it("outlives its lease while it beats, and is taken from a process that froze", async () => {
    const adapter = postgres({ url: database.url, lockLeaseMs: 300 });
    await withSessions(adapter, 2, async ([holder, other]) => {
      const { lease } = (await holder?.tryLock("lease")) ?? {};
      if (lease === undefined) throw new Error("not taken");
      await other?.query("SELECT pg_sleep(0.8)");
      expect((await other?.tryLock("lease"))?.lease).toBeUndefined();
      expect(lease.lost.aborted).toBe(false);
      const aborted = once(lease.lost, "abort");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
      await aborted;
      const { lease: next } = (await other?.tryLock("lease")) ?? {};
      expect(next).toBeDefined();
    });
  });

  it.skipIf(pgbouncer === undefined)("keeps others out through a transaction pooler", async () => {
    const adapter = postgres({ url: pgbouncer?.url ?? "" });
    await withSessions(adapter, 5, async (sessions) => {
      for (let round = 0; round < 3; round++) {
        const attempts = await Promise.all(sessions.map((session) => session.tryLock("pooled")));
        const leases = attempts.flatMap(({ lease }) => lease ?? []);
        expect(leases.length).toBe(1);
        await leases[0]?.release();
      }
    });
  });

  it("is only for a session that was opened for it, one at a time", async () => {
    const adapter = postgres({ url: database.url });
    await using(adapter, async (work) => {
      await expect(work.tryLock("a")).rejects.toThrow("not opened for the lock");
    });
    await withSessions(adapter, 1, async ([holder]) => {
      await holder?.tryLock("a");
      await expect(holder?.tryLock("b")).rejects.toThrow("holds a lock already");
    });
  });
});

describe("storage", () => {
  it("creates and drops the database of the URL, also a strange one in use", async () => {
    const adapter = postgres({ url: change({ pathname: "/sl%22ip%20way" }) });
    expect(await adapter.storage?.create()).toBe("created");
    expect(await adapter.storage?.create()).toBe("already_there");
    const session = await adapter.open({ role: "work", application: "test" });
    expect(await session.query("SELECT current_database() AS name")).toEqual([
      { name: 'sl"ip way' },
    ]);
    expect(await adapter.storage?.drop({ force: true })).toBe("dropped");
    expect(await adapter.storage?.drop()).toBe("already_gone");
    await session.close();
  });
});

/** The URL of the test's database with other parts. */
function change(parts: Partial<Pick<URL, "password" | "pathname" | "port" | "hostname">>): string {
  return Object.assign(new URL(database.url), parts).href;
}

function port(server: ReturnType<typeof createServer>): string {
  const address = server.address();
  return typeof address === "object" ? String(address?.port) : "";
}

function plain(sql: string) {
  return { sql, policy: { kind: "plain" } } as const;
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function using(adapter: Adapter, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

async function withSessions(
  adapter: Adapter,
  count: number,
  work: (sessions: readonly Session[]) => Promise<void>,
): Promise<void> {
  const options: OpenOptions = { role: "lock", application: "test" };
  const sessions = await Promise.all(Array.from({ length: count }, () => adapter.open(options)));
  try {
    await work(sessions);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function untilItFails(work: () => Promise<unknown>): Promise<never> {
  for (;;) await work();
}

async function until<Value>(
  look: () => Promise<Value>,
  enough: (value: Value) => unknown,
): Promise<Value> {
  for (;;) {
    const value = await look();
    if (enough(value)) return value;
  }
}
