/** What each driver of PostgreSQL is to give, beside the contract: the same as the others, by the same words. */
import pg from "pg";
import { describe, expect, inject, it } from "vitest";
import { type AdapterTests, describeAdapter } from "../../src/adapter-testing.ts";
import type { Adapter, OpenOptions, Session } from "../../src/adapters/adapter.ts";
import { StatementFailed } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { PostgresOptions } from "../../src/adapters/postgres/with-driver.ts";
import { describeFaults, type FaultyDatabase } from "./driver-faults.ts";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";

export type PostgresDriverTests = {
  readonly folder: string;
  readonly name: string;
  readonly make: (options: PostgresOptions) => Adapter;
  /** What other options a process of its own needs. Default: none. */
  readonly more?: object;
};

const work: OpenOptions = { role: "work", application: "test" };

/** The contract suite, the faults, and what a driver could do in a way of its own. */
export function describePostgresDriver(tests: PostgresDriverTests, database: FreshDatabase): void {
  const { folder, make } = tests;
  const { password } = new URL(inject("postgresUrl"));
  const onFresh = async () => {
    const { url, drop } = await freshDatabase();
    return { url, adapter: make({ url }), dispose: drop };
  };
  const notice: AdapterTests["notice"] = {
    sql: "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$",
    expected: { level: "warning", message: "mind the gap" },
  };
  describeAdapter(folder, { make: onFresh, notice, password }, { describe, it, expect });

  describeFaults(tests, async (): Promise<FaultyDatabase> => {
    const { url, ...rest } = await onFresh();
    const endConnections = () =>
      asSuperuser(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${new URL(url).pathname.slice(1)}'`,
      );
    return { ...rest, endConnections, options: { url, ...tests.more } };
  });

  describe(`${folder} as a driver of PostgreSQL`, () => {
    const using = async (use: (session: Session) => Promise<void>, options = {}) => {
      const session = await make({ url: database.url, ...options }).open(work);
      try {
        await use(session);
      } finally {
        await session.close();
      }
    };

    it("gives rows as pg gives them", () =>
      using(async (session) => {
        const same = await postgres({ url: database.url }).open(work);
        try {
          for (const sql of values) expect(await session.query(sql)).toEqual(await same.query(sql));
          for (const [type, value] of parameters) {
            const sql = `SELECT $1::${type}::text AS text`;
            const expected = await same.query(sql, [value]);
            expect([type, await session.query(sql, [value])]).toEqual([type, expected]);
          }
        } finally {
          await same.close();
        }
      }));

    it("copies rows, and says where they are wrong", () =>
      using(async (session) => {
        await session.query("CREATE TABLE copied (id int, words text)");
        const rows = Array.from({ length: 9_000 }, (_, id) => `${id}\tsome 🐘 words\n`);
        await session.execute([copy(rows.join(""))]);
        expect(await session.query("SELECT count(*)::int AS n FROM copied")).toEqual([
          { n: 9_000 },
        ]);
        for (const wrong of ["one\ttwo\n", "1\n", "1\ta\nno\tb\n".repeat(5_000)]) {
          const failed = await failure(session.execute([copy(wrong)]));
          expect(failed).toBeInstanceOf(StatementFailed);
        }
        expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      }));

    it("cancels what runs", () =>
      using(async (session) => {
        const [own] = await session.query("SELECT pg_backend_pid() AS pid");
        const sleeping = failure(session.query("SELECT pg_sleep(60)"));
        await expect
          .poll(() => asSuperuser(`SELECT state FROM pg_stat_activity WHERE pid = ${own?.pid}`))
          .toEqual([{ state: "active" }]);
        await session.cancel?.();
        expect(session.errorKind(await sleeping)).toBe("timeout");
        expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      }));

    it("never goes on with another connection after its own has ended", () =>
      using(async (session) => {
        await session.query("CREATE TABLE once (id int)");
        await session.execute([plain("BEGIN"), plain("INSERT INTO once VALUES (1)")]);
        expect(await session.inTransaction?.()).toBe(true);
        const [own] = await session.query("SELECT pg_backend_pid() AS pid");
        await asSuperuser(`SELECT pg_terminate_backend(${own?.pid})`);
        for (let tries = 0; tries < 3; tries += 1) {
          const error = await failure(session.query("INSERT INTO once VALUES (2)"));
          expect(session.errorKind(error)).toBe("connection_lost");
        }
        await using(async (other) => {
          expect(await other.query("SELECT * FROM once")).toEqual([]);
        });
      }));

    it("loses the lock with its connection, and says so", async () => {
      const lock = await make({ url: database.url }).open({ ...work, role: "lock" });
      try {
        const { lease } = await lock.tryLock("lost");
        const [own] = await lock.query("SELECT pg_backend_pid() AS pid");
        await asSuperuser(`SELECT pg_terminate_backend(${own?.pid})`);
        await expect.poll(() => lease?.lost.aborted).toBe(true);
      } finally {
        await lock.close();
      }
    });

    it("works as the role, also after RESET ROLE", async () => {
      const role = `the "owner ${database.url.slice(-6)}`;
      await asSuperuser(`CREATE ROLE ${quoted(role)}`);
      try {
        await using(
          async (session) => {
            await session.query("RESET ROLE");
            expect(await session.query("SELECT current_user AS it")).toEqual([{ it: role }]);
          },
          { role },
        );
      } finally {
        await asSuperuser(`DROP ROLE ${quoted(role)}`);
      }
    });

    const failures: readonly (readonly [string, Partial<URL>, RegExp])[] = [
      ["a wrong password", { password: "s3cret!" }, /Check the user/],
      ["no such database", { pathname: "/nope" }, /slipway create/],
    ];
    it.each(failures)("says what to do about %s, without the password", async (_, change, hint) => {
      const url = Object.assign(new URL(database.url), change);
      const error = await failure(make({ url: url.href }).open(work));
      expect(error).toMatchObject({ name: "ConnectionFailed", hint: expect.stringMatching(hint) });
      expect(String(error)).not.toContain(url.password);
    });
  });
}

const values = [
  "SELECT 1::int2 AS a, 2::int4 AS b, 9007199254740993::int8 AS c, 1.5::float8 AS d, 1.10::numeric AS e, 5::oid AS f",
  "SELECT true AS yes, NULL::bool AS nothing, 'é'::text AS t, 'a'::char(3) AS c, 'n'::name AS n, '{}'::jsonb AS j, '[1]'::json AS k",
  "SELECT '2024-02-29'::date AS d, '2024-02-29 10:11:12.5'::timestamp AS t, '2024-02-29 10:11:12.5+02'::timestamptz AS z, 'infinity'::timestamptz AS i",
  "SELECT '\\x00ff'::bytea AS b, gen_random_uuid() IS NULL AS u, '1 day'::interval::text AS i",
  `SELECT ARRAY['a','b,c','d"e','NULL',NULL,''] AS t, ARRAY[1,NULL] AS i, ARRAY[true,false] AS b, ARRAY[[1,2],[3,4]] AS n, '{}'::text[] AS e, ARRAY[1::int8] AS g`,
  "SELECT 1 AS one; SELECT 2 AS two, 3 AS three",
  "SELECT 1 WHERE false",
];

const parameters: readonly (readonly [string, unknown])[] = [
  ["text", 'it\'s \\ "x"'],
  ["int", 7],
  ["int8", 9007199254740993n],
  ["bool", true],
  ["bool", false],
  ["jsonb", { a: [1, "b"] }],
  ["bytea", new Uint8Array([0, 92, 255])],
  ["timestamptz", new Date("2024-02-29T10:11:12.345Z")],
  ["timestamp", new Date("2024-02-29T10:11:12.345Z")],
  ["date", new Date("2024-02-29T10:11:12.345Z")],
  ["text[]", ["a", 'b"c\\', null, "NULL", ""]],
  ["int[]", [[1], [2]]],
  ["text", null],
  ["text", undefined],
];

function copy(stdin: string) {
  return { sql: "COPY copied FROM stdin", stdin, policy: { kind: "plain" } } as const;
}

function plain(sql: string) {
  return { sql, policy: { kind: "plain" } } as const;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing failed",
    (error) => error,
  );
}

async function asSuperuser(sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
