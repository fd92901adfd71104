/** Every function of the user's that a run calls: it throws, rejects, never returns, gives the wrong type. */
import {
  type Adapter,
  defineMigration,
  defineRelease,
  isReleaseError,
  type RepoConfig,
} from "slipway";
import { mysql } from "slipway/mysql";
import { pglite } from "slipway/pglite";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { describe, expect, it, vi } from "vitest";
import { customCheck } from "../../src/backfill/throttle/custom.ts";
import { freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

const none = undefined as unknown as string;
const boom = () => {
  throw new Error("boom");
};
const reject = async () => boom();
const never = () => new Promise<string>(() => undefined);
const pg = "postgres://user@127.0.0.1:9/db";
const my = "mysql://user@127.0.0.1:9/db";
const soon = { connectTimeoutMs: 40 };
const password = (given: unknown) => ({ connection: { password: given as string }, ...soon });

const addresses: readonly (readonly [string, () => Adapter, string])[] = [
  ["postgres url throws", () => postgres({ url: boom }), "the option url threw: boom"],
  [
    "postgres url gives undefined",
    () => postgres({ url: () => none }),
    "the option url gives undefined, and not text",
  ],
  [
    "postgres url is undefined",
    () => postgres({ url: none }),
    "the option url gives undefined, and not text",
  ],
  [
    "postgres url is empty",
    () => postgres({ url: "" }),
    "the option url gives nothing, and not text",
  ],
  [
    "postgres url rejects",
    () => postgres({ url: reject as never }),
    "the option url gives a promise, and not text",
  ],
  [
    "postgres directUrl throws",
    () => postgres({ url: pg, directUrl: boom }),
    "the option directUrl threw: boom",
  ],
  [
    "postgres password throws",
    () => postgres({ url: pg, ...password(boom) }),
    "the option connection.password threw: boom",
  ],
  [
    "postgres password rejects",
    () => postgres({ url: pg, ...password(reject) }),
    "the option connection.password threw: boom",
  ],
  [
    "postgres password never comes",
    () => postgres({ url: pg, ...password(never) }),
    "the option connection.password did not answer within 40 ms",
  ],
  [
    "postgres password is a number",
    () => postgres({ url: pg, ...password(() => 5) }),
    "the option connection.password gives number, and not text",
  ],
  ["mysql url throws", () => mysql({ url: boom }), "the option url threw: boom"],
  [
    "mysql url gives undefined",
    () => mysql({ url: () => none }),
    "the option url gives undefined, and not text",
  ],
  [
    "mysql password never comes",
    () => mysql({ url: my, ...password(never) }),
    "the option connection.password did not answer within 40 ms",
  ],
  [
    "mysql password rejects",
    () => mysql({ url: my, ...password(reject) }),
    "the option connection.password threw: boom",
  ],
  ["sqlite path throws", () => sqlite({ path: boom }), "the option path threw: boom"],
  [
    "sqlite path gives undefined",
    () => sqlite({ path: () => none }),
    "the option path gives undefined, and not text",
  ],
  ["pglite dataDir throws", () => pglite({ dataDir: boom }), "the option dataDir threw: boom"],
  [
    "pglite dataDir gives a number",
    () => pglite({ dataDir: () => 5 as never }),
    "the option dataDir gives number, and not text",
  ],
  [
    "an adapter of one's own throws what is no error",
    () => ({ ...sqlite({ path: ":memory:" }), open: () => Promise.reject("boom") }),
    "boom",
  ],
];

const releaseOf = (repos: { readonly [repo: string]: RepoConfig }, heard = recorder()) =>
  defineRelease({ app: "functions", repos }).using(heard.world);

describe.each(addresses)("%s", (_, adapter, reason) => {
  it.each(["migrate", "plan", "migrationStatus", "verify"] as const)(
    "%s names the repo",
    async (method) => {
      const main = { adapter: sqlite({ path: ":memory:" }), migrations: {} };
      const release = releaseOf({ main, later: { adapter: adapter(), migrations: {} } });
      const error = await failureOf(release[method]());
      expect(error).toMatchObject({ code: "connection_failed", exitCode: 2 });
      expect(error.message).toMatch(/^repo later: cannot connect to /);
      expect(error.message.endsWith(`: ${reason}`)).toBe(true);
    },
  );
});

it("what an earlier repo had opened is closed", async () => {
  const database = await freshDatabase();
  try {
    const adapter = postgres({ url: database.url });
    const open = async () => {
      const session = await adapter.open({ role: "work", application: "looks" });
      try {
        return await session.query(
          "select pid from pg_stat_activity where application_name = 'slipway functions' and datname = current_database()",
        );
      } finally {
        await session.close();
      }
    };
    const later = {
      ...sqlite({ path: ":memory:" }),
      open: () => Promise.reject(new TypeError("boom")),
    };
    const repos = { main: { adapter, migrations: {} }, later: { adapter: later, migrations: {} } };
    await failureOf(releaseOf(repos).migrate());
    await vi.waitFor(async () => expect(await open()).toEqual([]));
  } finally {
    await database.drop();
  }
});

describe("functions of migrations", () => {
  const change = defineMigration({ change: (m) => m.createTable("a", (t) => t.id()) });
  const run = (code: () => unknown) =>
    defineMigration({ up: (m) => m.run(code, { label: "code" }) });
  const cases: readonly (readonly [string, Partial<RepoConfig>, string])[] = [
    ["a hook throws", { afterBegin: boom }, "operation_invalid"],
    ["a hook is asynchronous", { beforeCommit: reject as never }, "operation_invalid"],
    [
      "change throws",
      { migrations: { "1_a": defineMigration({ change: boom }) } },
      "operation_invalid",
    ],
    [
      "change is asynchronous",
      { migrations: { "1_a": defineMigration({ change: reject as never }) } },
      "operation_invalid",
    ],
    ["a module rejects", { migrations: { "1_a": reject } }, "migration_unloadable"],
    ["a module gives a number", { migrations: { "1_a": () => 5 } }, "not_a_migration"],
    ["m.run throws", { migrations: { "1_a": run(boom) } }, "migration_failed"],
    ["m.run rejects", { migrations: { "1_a": run(reject) } }, "migration_failed"],
    [
      "m.run rejects with nothing",
      { migrations: { "1_a": run(() => Promise.reject()) } },
      "migration_failed",
    ],
  ];

  it.each(cases)("%s", async (_, config, code) => {
    const main = {
      adapter: sqlite({ path: ":memory:" }),
      migrations: { "1_a": change },
      ...config,
    };
    expect(await failureOf(releaseOf({ main }).migrate())).toMatchObject({ code });
  });

  it("code that never comes back is left alone after a signal, and rolled back", async () => {
    const stop = new AbortController();
    const adapter = sqlite({ path: ":memory:" });
    const hangs = defineMigration({
      up(m) {
        m.createTable("a", (t) => t.id());
        m.run(() => {
          stop.abort("SIGTERM");
          return never();
        });
      },
    });
    const release = releaseOf({ main: { adapter, migrations: { "1_a": hangs } } }).using({
      signal: stop.signal,
      sleep: () => new Promise((done) => setTimeout(done, 5)),
    });
    expect(await failureOf(release.migrate())).toMatchObject({
      code: "interrupted",
      exitCode: 143,
    });
    const session = await adapter.open({ role: "work", application: "looks" });
    expect(await session.query("select name from sqlite_master where name = 'a'")).toEqual([]);
    await session.close();
  });

  it.each([
    ["throws", boom],
    ["rejects", reject],
  ])("a reporter that %s changes nothing", async (_, emit) => {
    const told = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const main = { adapter: sqlite({ path: ":memory:" }), migrations: { "1_a": change } };
    const [outcome] = await releaseOf({ main }).using({ emit }).migrate();
    await new Promise(setImmediate);
    expect(outcome?.migrations).toHaveLength(1);
    expect(told.mock.calls.flat()).toEqual(["emit threw, and the run continues: Error: boom"]);
    told.mockRestore();
  });

  it("a throttle's check that gives the wrong type holds the run", async () => {
    const read = (answer: unknown) =>
      customCheck.read({} as never, { check: () => answer as string });
    expect(await Promise.all([read(true), read("busy"), read(""), read(null)])).toEqual([
      "the throttle's check says so",
      "busy",
      undefined,
      undefined,
    ]);
    await expect(read(5)).rejects.toThrow("it gave number, and not text, true or nothing");
  });
});

async function failureOf(run: Promise<unknown>) {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isReleaseError(error)) throw new Error("it did not fail as expected", { cause: error });
  return error;
}
