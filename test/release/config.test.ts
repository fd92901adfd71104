/** Bad input from JavaScript to `defineRelease`. */
import { defineRelease } from "slipway";
import { describe, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { js, refused, refuses } from "./refuses.ts";

const adapter = sqlite({ path: ":memory:" });

describe("defineRelease", () => {
  const main = (repo: unknown) => () => defineRelease({ app: "blog", repos: { main: js(repo) } });
  const define = (config: unknown) => () => defineRelease(js(config));
  const values: readonly [option: string, call: () => unknown, shown: string, expected: string][] =
    [
      ["the argument of defineRelease", define(undefined), "undefined", "an object"],
      ["app", define({ repos: { main: { adapter } } }), "undefined", "a name"],
      ["app", define({ app: "", repos: { main: { adapter } } }), '""', "a name"],
      ["version", define({ app: "blog", version: 1, repos: { main: { adapter } } }), "1", "a name"],
      ["root", define({ app: "blog", root: null, repos: { main: { adapter } } }), "null", "a name"],
      ["repos", define({ app: "blog" }), "undefined", "at least one repo"],
      ["repos", define({ app: "blog", repos: {} }), "{}", "at least one repo"],
      ["repos", define({ app: "blog", repos: "main" }), '"main"', "an object"],
      ["the argument of repo main", main(null), "null", "an object"],
      ["repos.main.adapter", main({}), "undefined", "an adapter, such as postgres({ url })"],
      [
        "repos.main.adapter",
        main({ adapter: "postgres://me:secret@host/db" }),
        "a URL",
        "an adapter, such as postgres({ url })",
      ],
      [
        "repos.main.adapter",
        main({ adapter: { url: "secret" } }),
        "an object",
        "an adapter, such as postgres({ url })",
      ],
      [
        "repos.main.migrations",
        main({ adapter, migrations: 7 }),
        "7",
        "a folder, a list of folders or a map of migrations",
      ],
      [
        "repos.main.dataMigrations",
        main({ adapter, dataMigrations: "" }),
        '""',
        "a folder, a list of folders or a map of migrations",
      ],
      ["repos.main.historyTable", main({ adapter, historyTable: 7 }), "7", "a name"],
      [
        "repos.main.dataHistoryTable",
        main({ adapter, dataHistoryTable: "schema_migrations" }),
        '"schema_migrations"',
        "another table than historyTable",
      ],
      [
        "repos.main.strictVersionOrder",
        main({ adapter, strictVersionOrder: "no" }),
        '"no"',
        "true or false",
      ],
      [
        "repos.main.lock",
        main({ adapter, lock: "pg_advisory_lock" }),
        '"pg_advisory_lock"',
        "true or false",
      ],
      [
        "repos.main.lockWaitMs",
        main({ adapter, lockWaitMs: "5s" }),
        '"5s"',
        "a number of milliseconds",
      ],
      ["repos.main.policy", main({ adapter, policy: "short" }), '"short"', "an object"],
      [
        "repos.main.policy.lockTimeoutMs",
        main({ adapter, policy: { lockTimeoutMs: 0 } }),
        "0",
        "a whole number of milliseconds from 1 to 2147483647",
      ],
      [
        "repos.main.policy.onBlocked",
        main({ adapter, policy: { onBlocked: "kill" } }),
        '"kill"',
        "wait or fail",
      ],
      ["repos.main.prefix", main({ adapter, prefix: "" }), '""', "a name"],
      ["repos.main.primaryKey", main({ adapter, primaryKey: false }), "false", "an object"],
      ["repos.main.foreignKey", main({ adapter, foreignKey: "uuid" }), '"uuid"', "an object"],
      ["repos.main.foreignKey.type", main({ adapter, foreignKey: { type: 7 } }), "7", "a name"],
      ["repos.main.timestamps", main({ adapter, timestamps: [] }), "[]", "an object"],
      [
        "repos.main.timestamps.null",
        main({ adapter, timestamps: { null: "no" } }),
        '"no"',
        "true or false",
      ],
      [
        "repos.main.afterBegin",
        main({ adapter, afterBegin: "set role" }),
        '"set role"',
        "a function",
      ],
      ["repos.main.beforeCommit", main({ adapter, beforeCommit: {} }), "{}", "a function"],
    ];
  refuses(
    "option_invalid",
    values.map(([option, call, shown, expected]) => [
      `${option}: ${shown}`,
      call,
      `${option} is ${shown}, which is not ${expected}`,
      `Give ${option} ${expected}.`,
    ]),
  );

  refuses("option_unknown", [
    [
      "an option of the release",
      define({ app: "blog", repo: {}, repos: { main: { adapter } } }),
      "defineRelease has no option repo",
      "Use one of: repos.",
    ],
    [
      "an option of a repo",
      main({ adapter, migration_lock: false }),
      "repo main has no option migration_lock",
      "Use one of: migrations.",
    ],
    [
      "an option of the timestamps",
      main({ adapter, timestamps: { inserted_at: false } }),
      "timestamps of repo main has no option inserted_at",
      "Use one of: insertedAt.",
    ],
  ]);

  it("says everything that is wrong at once", async () => {
    const [code, message, , exitCode] = await refused(
      main({ adapter: 7, lock: 1, pool_size: 2, primaryKey: { nam: "id" } }),
    );
    expect({ code, exitCode, lines: String(message).split("\n") }).toEqual({
      code: "several",
      exitCode: 2,
      lines: [
        "repos.main.adapter is 7, which is not an adapter, such as postgres({ url })",
        "repos.main.lock is 1, which is not true or false",
        "repo main has no option pool_size",
        "primaryKey of repo main has no option nam",
      ],
    });
  });
});
