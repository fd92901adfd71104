/** Bad input from JavaScript to the methods of a release; nothing is opened or written. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineMigration, defineRelease } from "slipway";
import { afterAll, describe, expect } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { watch } from "../conformance/support/watch.ts";
import { js, refuses } from "./refuses.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-options-"));
const path = join(folder, "test.db");
const watched = watch(sqlite({ path }));
const adapter = watched.adapter;
const migrations = {
  "1_one": defineMigration({ change: (m) => m.createTable("one", (t) => t.id()) }),
};
const release = defineRelease({
  app: "blog",
  repos: { main: { adapter, migrations }, other: { adapter, migrations } },
}).using({ emit: () => undefined, write: () => undefined });

afterAll(() => {
  expect({ opened: watched.opened, exists: existsSync(path) }).toEqual({
    opened: [],
    exists: false,
  });
  rmSync(folder, { recursive: true });
});

describe("a value that an option cannot have", () => {
  const values: readonly [option: string, value: unknown, shown: string, expected: string][] = [
    ["log", "yes", '"yes"', "true or false"],
    ["logMigrationsSql", 1, "1", "true or false"],
    ["logMigratorSql", null, "null", "true or false"],
    ["prefix", "", '""', "a name"],
    ["prefix", 7, "7", "a name"],
    ["strictVersionOrder", "false", '"false"', "true or false"],
    ["lock", 0, "0", "true or false"],
    ["lockWaitMs", "1000", '"1000"', "a number of milliseconds"],
    ["lockWaitMs", -1, "-1", "a number of milliseconds"],
    ["lockWaitMs", Number.NaN, "NaN", "a number of milliseconds"],
    ["policy", 500, "500", "an object"],
    ["migrationsPath", 7, "7", "a folder or a list of folders"],
    ["migrationsPath", ["db", ""], "a list", "a folder or a list of folders"],
    ["allowEdited", "yes", '"yes"', "true or false"],
    ["fromFiles", "yes", '"yes"', "true or false"],
  ];
  const methods: readonly [string, (options: object) => unknown][] = [
    ["migrate", (options) => release.migrate(js(options))],
    ["migrateData", (options) => release.migrateData(js(options))],
    ["rollback", (options) => release.rollback("main", 1, js(options))],
    ["plan", (options) => release.plan(js(options))],
    ["planRollback", (options) => release.planRollback("main", 1, js(options))],
    ["migrateOnBoot", (options) => release.migrateOnBoot(js(options))],
  ];
  describe.each(methods)("%s", (_, call) => {
    refuses(
      "option_invalid",
      values.map(([option, value, shown, expected]) => [
        `${option}: ${shown}`,
        () => call({ [option]: value }),
        `${option} is ${shown}, which is not ${expected}`,
        `Give ${option} ${expected}.`,
      ]),
    );
  });

  const version =
    "a version: a whole number, with an n behind it beyond 2^53, or the id of a migration";
  const whole = "a whole number from 1";
  const more: readonly [
    call: string,
    made: () => unknown,
    option: string,
    shown: string,
    expected: string,
  ][] = [
    ["step 0", () => release.migrate({ step: 0 }), "step", "0", whole],
    ["step 1.5", () => release.migrate({ step: 1.5 }), "step", "1.5", whole],
    ["a step that is text", () => release.migrate({ step: js("1") }), "step", '"1"', whole],
    ["step null", () => release.migrate({ step: js(null) }), "step", "null", whole],
    ["to text", () => release.migrate({ to: js("123") }), "to", '"123"', version],
    ["to a negative number", () => release.migrate({ to: -1 }), "to", "-1", version],
    [
      "to beyond 2^63",
      () => release.migrate({ to: 2n ** 63n }),
      "to",
      "9223372036854775808n",
      version,
    ],
    [
      "toExclusive beyond 2^53",
      () => release.migrate({ toExclusive: 2 ** 53 }),
      "toExclusive",
      "9007199254740992",
      version,
    ],
    ["rollback to text", () => release.rollback("main", js("1")), "version", '"1"', version],
    ["rollback to null", () => release.rollback("main", js(null)), "version", "null", version],
    [
      "status, data: 1",
      () => release.migrationStatus({ data: js(1) }),
      "data",
      "1",
      "true or false",
    ],
    ["skip: no", () => release.migrateOnBoot({ skip: js("no") }), "skip", '"no"', "true or false"],
    [
      "force: yes",
      () => release.dropStorage({ force: js("yes") }),
      "force",
      '"yes"',
      "true or false",
    ],
    [
      "a version in place of options",
      () => release.migrate(js(20200118045751)),
      "the argument of migrate",
      "20200118045751",
      "an object",
    ],
    [
      "null in place of options",
      () => release.rollback("main", 1, js(null)),
      "the argument of rollback",
      "null",
      "an object",
    ],
    [
      "a list in place of options",
      () => release.migrationStatus(js(["main"])),
      "the argument of migrationStatus",
      "a list",
      "an object",
    ],
    [
      "a signal that is none",
      () => release.using({ signal: js("SIGTERM") }),
      "signal",
      '"SIGTERM"',
      "an AbortSignal",
    ],
    ["a reporter that is none", () => release.using({ emit: js({}) }), "emit", "{}", "a function"],
    [
      "an adapter that is none",
      () => release.using({ adapters: { main: js("postgres://me:secret@host/db") } }),
      "adapters.main",
      "a URL",
      "an adapter, such as postgres({ url })",
    ],
  ];
  refuses(
    "option_invalid",
    more.map(([call, made, option, shown, expected]) => [
      call,
      made,
      `${option} is ${shown}, which is not ${expected}`,
      `Give ${option} ${expected}.`,
    ]),
  );
});

describe("an option that nothing knows", () => {
  const unknown: readonly [of: string, call: () => unknown, option: string, hint: string][] = [
    ["migrate", () => release.migrate(js({ steps: 1 })), "steps", "Use one of: step."],
    [
      "migrate",
      () => release.migrate(js({ data: true })),
      "data",
      "Use one of: all, step, to, toExclusive, repo, log, logMigrationsSql, logMigratorSql, prefix, strictVersionOrder, strict, lock, lockWaitMs, policy, migrationsPath, allowEdited, fromFiles, phase, tenants.",
    ],
    [
      "migrateData",
      () => release.migrateData(js({ toexclusive: 1 })),
      "toexclusive",
      "Use one of: toExclusive.",
    ],
    ["rollback", () => release.rollback("main", js({ steps: 1 })), "steps", "Use one of: step."],
    [
      "rollback",
      () => release.rollback("main", 1, js({ logs: true })),
      "logs",
      "Use one of: log, logMigrationsSql, logMigratorSql.",
    ],
    ["plan", () => release.plan(js({ repos: "main" })), "repos", "Use one of: repo."],
    [
      "migrationStatus",
      () => release.migrationStatus(js({ dat: true })),
      "dat",
      "Use one of: data.",
    ],
    [
      "assertMigrated",
      () => release.assertMigrated(js({ data: true })),
      "data",
      "Use one of: repo, prefix, allowNewer, tenants.",
    ],
    [
      "migrateOnBoot",
      () => release.migrateOnBoot(js({ skipped: true })),
      "skipped",
      "Use one of: skip.",
    ],
    [
      "createStorage",
      () => release.createStorage(js({ force: true })),
      "force",
      "Use one of: repo.",
    ],
    ["using", () => release.using(js({ adaptors: {} })), "adaptors", "Use one of: adapters."],
  ];
  refuses(
    "option_unknown",
    unknown.map(([of, call, option, hint]) => [
      `${of}: ${option}`,
      call,
      `${of} has no option ${option}`,
      hint,
    ]),
  );
});

describe("a repo that the release does not have", () => {
  const known = "Use one of: main, other.";
  const calls: readonly [string, () => unknown, string][] = [
    ["migrate", () => release.migrate({ repo: js("mian") }), "mian"],
    ["migrate, one of two", () => release.migrate({ repo: ["main", js("mian")] }), "mian"],
    ["migrateData", () => release.migrateData({ repo: js(7) }), "7"],
    ["rollback", () => release.rollback(js("mian"), 1), "mian"],
    ["rollback of several", () => release.rollback(js(["main", "other"]), 1), "main,other"],
    ["rollback of null", () => release.rollback(js(null), 1), "null"],
    ["migrationStatus", () => release.migrationStatus({ repo: js("mian") }), "mian"],
    ["plan", () => release.plan({ repo: js("mian") }), "mian"],
    ["planRollback", () => release.planRollback(js("mian"), 1), "mian"],
    ["assertMigrated", () => release.assertMigrated({ repo: js("mian") }), "mian"],
    ["migrateOnBoot", () => release.migrateOnBoot({ repo: js("mian") }), "mian"],
    ["createStorage", () => release.createStorage({ repo: js("mian") }), "mian"],
    ["dropStorage", () => release.dropStorage({ repo: js("mian") }), "mian"],
    ["folders", () => release.folders(js("mian")), "mian"],
    ["using", () => release.using({ adapters: js({ mian: adapter }) }), "mian"],
  ];
  refuses(
    "repo_unknown",
    calls.map(([call, made, repo]) => [call, made, `the release has no repo ${repo}`, known]),
  );
});

describe("a target that is not clear", () => {
  const one = "Give only one of them.";
  refuses("targets_conflict", [
    ["two", () => release.migrate(js({ step: 1, to: 1 })), "step and to exclude each other", one],
    [
      "all and step",
      () => release.migrate(js({ all: true, step: 1 })),
      "all and step exclude each other",
      one,
    ],
    [
      "three",
      () => release.rollback("main", js({ step: 1, to: 1, toExclusive: 1 })),
      "step and to and toExclusive exclude each other",
      one,
    ],
  ]);
  const far = "Say how far to go, for example { all: true }.";
  const expected = "expected one of all, step, to or toExclusive, got";
  refuses("target_missing", [
    ["all: false", () => release.migrate(js({ all: false })), `${expected} all: false`, far],
    [
      "rollback of nothing",
      () => release.rollback("main", js({})),
      `${expected} none of them`,
      far,
    ],
    // What `{ step: given.step }` becomes: it must not roll back everything.
    [
      "rollback of an undefined step",
      () => release.rollback("main", js({ step: undefined })),
      `${expected} none of them`,
      far,
    ],
  ]);
  refuses("version_missing", [
    [
      "rollback without a version",
      () => release.rollback("main", js(undefined)),
      "rollback of main needs the version to go back to",
      "Look it up with slipway status. Slipway also rolls back the version that you name.",
    ],
  ]);
  refuses("repo_missing", [
    [
      "rollback without a repo",
      () => release.rollback(js(undefined), 1),
      "rollback needs the name of a repo",
      "Name one of: main, other.",
    ],
    [
      "adopt without a repo",
      () => release.adopt(js(undefined)),
      "adopt needs the name of a repo",
      "Name one of: main, other.",
    ],
    [
      "mark without a repo",
      () => release.mark(js(undefined), 1, { as: "done" }),
      "mark needs the name of a repo",
      "Name one of: main, other.",
    ],
  ]);
});
