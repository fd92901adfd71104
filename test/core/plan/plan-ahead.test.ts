/** A migration that was compiled before gives the step that the compiler gives where it runs. */
import { describe, expect, it } from "vitest";
import { mysqlDialect } from "../../../src/adapters/mysql/dialect.ts";
import { readServer } from "../../../src/adapters/mysql/server.ts";
import { postgresDialect } from "../../../src/adapters/postgres/dialect.ts";
import { sqliteDialect } from "../../../src/adapters/sqlite/dialect.ts";
import type { Dialect } from "../../../src/core/language/dialect.ts";
import type { MigrationDefinition } from "../../../src/core/language/migration-definition.ts";
import { effectsOf } from "../../../src/core/plan/action-effects.ts";
import * as before from "../../../src/core/plan/from-planned.ts";
import { phasedMigration } from "../../../src/core/plan/phased-migration.ts";
import { isJson, planAhead } from "../../../src/core/plan/plan-ahead.ts";
import type { Planned } from "../../../src/core/plan/planned.ts";
import * as compiler from "../../../src/core/plan/prepare.ts";
import type { LoadedMigration, PrepareInput, Step } from "../../../src/core/plan/step.ts";
import { chapters } from "../../language/cases/index.ts";

const file = { id: "1_sample", version: "1", name: "sample", origin: "m/1_sample.ts" };

function loaded(definition: MigrationDefinition): LoadedMigration {
  return { file, definition, checksum: "ts:1", readFile: (path) => `select '${path}'` };
}

const how = (dialect: Dialect, prefix?: string) => ({ dialect, defaults: {}, prefix });

/** As it lies in a release. */
function kept(planned: Planned): Planned {
  return JSON.parse(JSON.stringify(planned));
}

/** A step as JSON, with what it means to the code around it. */
function asRun(step: Step | undefined, dialect: Dialect): unknown {
  if (step === undefined) return undefined;
  const actions = step.actions.map(({ effects: _, ...action }) => action);
  // A rollout goes up.
  const judged = step.direction === "up" ? step.actions : [];
  const effects = judged.map((action) => effectsOf(action, dialect.syntax).effects);
  return JSON.parse(JSON.stringify({ ...step, actions, effects }));
}

/** Old ones and new ones of both kinds, whichever way they read a backslash. */
function mysqlServers() {
  const found = [
    ["5.6.0", ""],
    ["9.4.0", "NO_BACKSLASH_ESCAPES"],
    ["10.0.0-MariaDB", "NO_BACKSLASH_ESCAPES"],
    ["12.1.2-MariaDB", ""],
  ] as const;
  return found.map(([version, sqlMode]): (typeof places)[number] => {
    const dialect = mysqlDialect(readServer(version, { sqlMode }));
    return [`${dialect.label} ${version}`, dialect, undefined];
  });
}

const cases = chapters.flatMap(({ cases }) => cases);
const places: readonly (readonly [string, Dialect, string | undefined])[] = [
  ["PostgreSQL", postgresDialect, undefined],
  ["PostgreSQL, with a prefix", postgresDialect, "tenant"],
  ["SQLite", sqliteDialect, undefined],
  ...mysqlServers(),
];

describe.each(places)("on %s", (_, dialect, prefix) => {
  let compared = 0;

  it.each(cases)("$name", (definition) => {
    const { change, up, down, defaults = {} } = definition;
    const bodies = Object.fromEntries(
      Object.entries({ change, up, down }).filter(([, body]) => body !== undefined),
    );
    const migration = loaded(bodies as MigrationDefinition);
    const input = { ...how(dialect, prefix), defaults };
    const ahead = planAhead(migration, input, dialect.servers?.() ?? []);
    if ("why" in ahead) return expect(ahead.why).toMatch(/^has (a safe form|what other servers)/);
    if ("refused" in ahead) return expect(() => run(compiler)).toThrow();
    const planned = kept(ahead.planned);
    const again = { ...migration, planned: () => planned };
    function run({ prepare }: Pick<typeof compiler, "prepare">) {
      return prepare({ ...input, direction: "up", migrations: [migration] });
    }
    for (const direction of ["up", "down"] as const) {
      const both: PrepareInput = { ...input, direction, migrations: [again] };
      const one = outcome(() => compiler.prepare({ ...both, migrations: [migration] }));
      const other = outcome(() => before.prepare(both));
      if (typeof one === "string") expect(other).toBe(one);
      else expect(asRun((other as Step[])[0], dialect)).toEqual(asRun(one[0], dialect));
    }
    const only = { ...input, direction: "up", migrations: [] } as const;
    expect(before.meaningOf(again, only)).toBe(compiler.meaningOf(migration, only));
    expect(before.phasedMigration(again, only)).toEqual(
      JSON.parse(JSON.stringify(phasedMigration(migration, only))),
    );
    compared++;
    return undefined;
  });

  it("compares most of them", () => {
    expect(compared).toBeGreaterThan(cases.length / 3);
  });
});

function outcome(work: () => readonly Step[]): readonly Step[] | string {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
}

describe("what a migration says beside its operations", () => {
  it("is kept: phase, requirements, answers, a policy", () => {
    const definition: MigrationDefinition = {
      phase: "after",
      compatibleFrom: "2.0.0",
      requires: { data: 20210811035222 },
      safe: { "drop-column": "no code reads it" },
      policy: { lockTimeoutMs: 700 },
      transaction: true,
      change: (m) => m.alterTable("posts", (t) => t.remove("title", { was: "string" })),
    };
    const migration = loaded(definition);
    const input = how(postgresDialect);
    const ahead = planAhead(migration, input, [postgresDialect]);
    const planned = "planned" in ahead ? kept(ahead.planned) : undefined;
    const [step] = before.prepare({
      ...{ ...input, direction: "up" },
      migrations: [{ ...migration, planned: () => planned! }],
    });
    expect(step).toMatchObject({
      phase: "after",
      compatibleFrom: "2.0.0",
      requiresData: "20210811035222",
      safe: definition.safe,
      policy: definition.policy,
      saysTransaction: true,
    });
  });
});

describe("code", () => {
  const ran: string[] = [];
  const say = (word: string) => async () => {
    ran.push(word);
  };
  const definition: MigrationDefinition = {
    change(m) {
      m.createTable("posts", (t) => t.id());
      m.run(say("first"), { down: say("undo first") });
      m.execute("select 1", { down: "select 2" });
      m.run(say("second"), { down: say("undo second") });
    },
  };
  const stepsOf = (given: MigrationDefinition, direction: "up" | "down") => {
    const migration = loaded(definition);
    const ahead = planAhead(migration, how(postgresDialect), [postgresDialect]);
    if (!("planned" in ahead)) throw new Error("it was not compiled");
    const planned = kept(ahead.planned);
    return before.prepare({
      ...how(postgresDialect),
      direction,
      migrations: [{ ...loaded(given), planned: () => planned }],
    });
  };

  it.each([
    ["up", ["first", "second"]],
    ["down", ["undo second", "undo first"]],
  ] as const)("is taken from the module, going %s", async (direction, words) => {
    ran.length = 0;
    const [step] = stepsOf(definition, direction);
    expect(step?.actions.map(({ kind }) => kind)).toHaveLength(4);
    for (const action of step!.actions) if (action.kind === "run") await action.run({} as never);
    expect(ran).toEqual(words);
  });

  it("that is not there any more is refused", () => {
    const other: MigrationDefinition = { change: (m) => m.run(say("first")) };
    expect(() => stepsOf(other, "up")).toThrow(
      "m/1_sample.ts: it records something else here than where the release was built",
    );
  });

  it("in hooks is compiled where it runs", () => {
    const hooked = { ...definition, afterBegin: (m) => m.run(say("hook")) } as MigrationDefinition;
    expect(planAhead(loaded(hooked), how(postgresDialect), [postgresDialect])).toEqual({
      why: "has hooks with code",
    });
  });
});

it("dates and bytes are not what JSON can say", () => {
  const change: MigrationDefinition["change"] = (m) =>
    m.execute("insert into t values ($1)", { parameters: [new Date(0)], down: "select 1" });
  expect(planAhead(loaded({ change }), how(postgresDialect), [postgresDialect])).toEqual({
    why: "has values that JSON cannot say",
  });
  expect([1, "a", null, true, [{ a: undefined }], { b: [1] }].map(isJson)).not.toContain(false);
  expect([Number.NaN, -0, 1n, new Date(0), [undefined], new Map()].map(isJson)).not.toContain(true);
});

it("a form that depends on the server is compiled where it runs", () => {
  const differing: readonly Dialect[] = [
    postgresDialect,
    { ...postgresDialect, safely: () => [{ words: "otherwise", operations: [] }] as never },
  ];
  const change: MigrationDefinition["change"] = (m) =>
    m.createIndexConcurrently("posts", ["title"]);
  expect(planAhead(loaded({ change }), how(postgresDialect), differing)).toEqual({
    why: "has a safe form that depends on the version of the server",
  });
});

const onMysql = mysqlDialect(readServer("8.4.0"));
const asked: readonly (readonly [string, NonNullable<MigrationDefinition["change"]>])[] = [
  ["a type", (m) => m.createTable("u", (t) => t.column("key", "uuid"))],
  ["an option", (m) => m.createIndex("u", ["key"], { ifNotExists: true })],
  [
    "a string with a backslash",
    (m) => m.createTable("u", (t) => t.column("a", "string", { default: "\\" })),
  ],
  ["a refusal by name", (m) => m.createEnum("mood", ["sad"])],
];

it.each(asked)("%s that depends on the server of MySQL is compiled where it runs", (_, change) => {
  expect(planAhead(loaded({ change }), how(onMysql), onMysql.servers?.() ?? [])).toEqual({
    why: "has what other servers, or other versions, spell otherwise",
  });
});
