/** Whoever may write the history could write a plan: only what Slipway itself writes is run, and it is shown first. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  defineMigration,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const users = defineMigration({ change: (m) => m.createTable("users", (t) => t.id()) });

describe.each(["postgres", "sqlite"] as const)("a plan in the history, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
    await release({ "1_users": users }).release.migrate();
  });
  afterEach(() => database.dispose());

  function release(migrations: MigrationsOption) {
    const heard = recorder();
    const repos = { main: { adapter: database.adapter, migrations } };
    return { ...heard, release: defineRelease({ app: "app", repos }).using(heard.world) };
  }

  async function forge(change: (plan: Plan) => unknown): Promise<void> {
    const [row] = await database.query("select cast(plan as text) as plan from schema_migrations");
    const forged = change(JSON.parse(String(row?.plan)));
    const text = JSON.stringify(forged).replaceAll("'", "''");
    await database.query(`update schema_migrations set plan = '${text}'`);
  }

  async function refusal(): Promise<string | undefined> {
    try {
      await release({}).release.rollback("main", 1);
      return undefined;
    } catch (error) {
      if (!isReleaseError(error) || error.code !== "not_in_release") throw error;
      return error.message.replace(/^.*cannot roll it back: /, "");
    }
  }

  const unknown = "its plan in the history is of no shape that this Slipway knows";
  const sends = (sql: string, more: object = {}) => ({
    words: "forged",
    statements: [{ sql, policy: { kind: "plain" }, ...more }],
  });
  const withAction = (action: unknown) => (plan: Plan) => ({
    ...plan,
    down: { ...plan.down, actions: [action] },
  });
  const shapes: readonly (readonly [string, (plan: Plan) => unknown])[] = [
    ["another format", (plan) => ({ ...plan, format: 2 })],
    ["a list", () => []],
    ["no way up", ({ format, down }) => ({ format, down })],
    ["no actions", (plan) => ({ ...plan, down: { transactional: true } })],
    ["an action without words", withAction({ statements: [] })],
    ["SQL that is no text", withAction({ words: "a", statements: [{ sql: 1, policy: {} }] })],
    [
      "a policy that is SQL",
      (plan) => ({
        ...plan,
        down: { ...plan.down, policy: { lockTimeoutMs: "1; select 1" } },
      }),
    ],
    ["another kind of policy", withAction(sends("select 1", { policy: { kind: "none" } }))],
    ["a procedure of another name", withAction(sends("select 1", { procedure: { name: "a.b" } }))],
    ["a backfill without a table", withAction({ words: "a", backfill: { set: "a", where: "b" } })],
  ];
  it.each(shapes)("with %s is refused", async (_, change) => {
    await forge(change);
    expect(await refusal()).toBe(unknown);
    expect(await database.tables()).toEqual(["users"]);
  });

  it.each(["commit", "ROLLBACK", "select 1; commit", "begin", "/* a */ end", "start transaction"])(
    "that says %j is refused",
    async (sql) => {
      await forge(withAction(sends(sql)));
      expect(await refusal()).toBe(
        `its plan in the history would begin or end a transaction (${sql})`,
      );
      expect(await database.tables()).toEqual(["users"]);
    },
  );

  it("that calls itself a boundary and holds more than one is refused", async () => {
    await forge(withAction(sends("commit; select 1", { boundary: "end" })));
    expect(await refusal()).toMatch(/would begin or end a transaction/);
  });

  it("that cannot be cut into statements is refused", async () => {
    await forge(withAction(sends("select 'a")));
    expect(await refusal()).toMatch(/has SQL that cannot be read/);
  });

  it("runs nothing that it does not show, and shows it before it runs", async () => {
    await forge(withAction({ ...sends("drop table users"), kind: "run", run: "no function" }));
    const { lines, events, release: old } = release({});
    await old.rollback("main", 1);
    expect(lines.slice(0, 2)).toEqual([
      "warning: repo main: 1_users is not in this release; it is rolled back by the plan that the history keeps",
      "warning: repo main: 1_users will send: drop table users",
    ]);
    const shown = events.findIndex((one) => one.type === "warning");
    expect(shown).toBeLessThan(events.findIndex((one) => one.type === "migration_started"));
    expect(await database.tables()).toEqual([]);
  });

  it("as Slipway wrote it is run as before", async () => {
    expect(await refusal()).toBeUndefined();
    expect(await database.tables()).toEqual([]);
  });
});

type Plan = { readonly format: number; readonly up: object; readonly down: object };
