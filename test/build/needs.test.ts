/** What is left out of a release, by what its migrations use. */
import { describe, expect, it } from "vitest";
import { postgresDialect } from "../../src/adapters/postgres/dialect.ts";
import type { CarriedMigration, CarriedRepo } from "../../src/build/carried.ts";
import {
  type NeedsInput,
  needsOf,
  type PlannableMigration,
  type PlannableRepo,
} from "../../src/build/needs.ts";
import type { MigrationDefinition } from "../../src/core/language/migration-definition.ts";
import { planAhead } from "../../src/core/plan/plan-ahead.ts";
import { prefixMark } from "../../src/core/plan/planned-release.ts";

type Sample = {
  readonly definition: MigrationDefinition;
  readonly carried?: Partial<CarriedMigration>;
  readonly isBackfill?: true;
};

const posts: MigrationDefinition = { change: (m) => m.createTable("posts", (t) => t.id()) };
const file = (name: string) => ({ id: `1_${name}`, version: "1", name, origin: `m/1_${name}.ts` });

function plannable(name: string, { definition, isBackfill }: Sample): PlannableMigration {
  const migration = { file: file(name), definition };
  const dialect = postgresDialect;
  return {
    file: migration.file,
    meaning: `sum of ${name}`,
    step: isBackfill ? { backfill: {} } : {},
    planAhead: (prefix) =>
      isBackfill
        ? { why: "is a backfill" }
        : planAhead(migration, { dialect, defaults: {}, prefix }, [dialect]),
  };
}

function input(
  migrations: { readonly [name: string]: Sample },
  more: Partial<NeedsInput> & { readonly repo?: Partial<PlannableRepo> } = {},
): NeedsInput {
  const entries = Object.entries(migrations);
  const carried = entries.map(([name, { carried: given }]): CarriedMigration => {
    const code = { kind: "module", path: `/p/m/1_${name}.ts` } as const;
    return { file: file(name), checksum: `ts:${name}`, code, files: {}, ...given };
  });
  const repo: PlannableRepo = {
    ...{ repo: "main", dialect: "postgres", syntax: "postgres", defaults: {} },
    migrations: entries.map(([name, sample]) => plannable(name, sample)),
    dataMigrations: [],
    ...more.repo,
  };
  return {
    carried: [{ name: "main", migrations: carried, dataMigrations: [] }],
    compiled: [repo],
    variesBy: () => undefined,
    keepCompiler: false,
    ...more,
  };
}

describe("migrations that are the same everywhere", () => {
  it("need no compiler, no backfills and no SQL: they are carried as they were compiled", () => {
    const needs = needsOf(input({ posts: { definition: posts } }));
    expect(needs).toMatchObject({
      ...{ compiler: [], backfills: false, findings: false, sql: false, syntaxes: ["postgres"] },
      planned: { release: { compiledFor: { main: { dialect: "postgres", defaults: {} } } } },
    });
    const { release, prefixed } = needs.planned!;
    const plan = release.plans.main?.migrations?.["1_posts"];
    expect(plan).toMatchObject({
      ...{ checksum: "ts:posts", meaning: { checksum: "sum of posts" } },
      up: { callback: "change", transactional: true, actions: [{ words: "create table posts" }] },
    });
    const withPrefix = JSON.stringify(prefixed.main?.migrations?.["1_posts"]);
    expect(withPrefix).toContain(`CREATE TABLE \\"${prefixMark}\\".\\"posts\\"`);
  });

  it("have no second plan where a prefix changes nothing", () => {
    const sql: MigrationDefinition = { up: (m) => m.execute("select 1"), down: () => undefined };
    const { planned } = needsOf(input({ sql: { definition: sql } }));
    expect(Object.keys(planned?.release.plans.main?.migrations ?? {})).toEqual(["1_sql"]);
    expect(planned?.prefixed).toEqual({ main: { migrations: {}, dataMigrations: {} } });
  });

  it("that refuse a prefix say so where one is given", () => {
    const own: MigrationDefinition = {
      change: (m) => m.createTable("posts", (t) => t.id(), { prefix: "blog" }),
    };
    const { planned } = needsOf(input({ own: { definition: own } }));
    expect(planned?.prefixed.main?.migrations?.["1_own"]).toMatchObject({
      refused: { code: "prefix_mismatch", details: { given: "blog", expected: prefixMark } },
    });
  });

  it("keep what the rules found", () => {
    const verdict = {
      findings: [{ rule: "drop-table", message: "m", statement: "s", tables: [] }],
      makes: [],
    };
    const needs = needsOf(input({ posts: { definition: posts, carried: { verdict } } }));
    expect(needs.findings).toBe(true);
    expect(needs.planned?.release.plans.main?.migrations?.["1_posts"]?.verdict).toEqual(verdict);
  });
});

describe("the compiler is kept", () => {
  const counts: MigrationDefinition = {
    up: (m) => m.execute(`select '${m.prefix} ${m.prefix?.length}'`),
  };
  const asks: MigrationDefinition = { up: (m) => m.execute(`select ${m.prefix === undefined}`) };
  const cases: readonly (readonly [string, NeedsInput, string])[] = [
    [
      "for a module that looks at the world",
      input({ posts: { definition: posts } }, { variesBy: () => "process" }),
      "main 1_posts has process",
    ],
    [
      "for a backfill",
      input({ fill: { definition: {}, isBackfill: true } }),
      "main 1_fill is a backfill",
    ],
    [
      "for what the repo knows only where it runs",
      input({ posts: { definition: posts } }, { repo: { knownLater: "hooks" } }),
      "repo main has hooks",
    ],
    [
      "for migrations that are written in the release file",
      input({}, { carried: [{ name: "main", dataMigrations: [] } satisfies CarriedRepo] }),
      "repo main is given migrations by the release file",
    ],
    [
      "for a prefix that is not put in as it is",
      input({ counts: { definition: counts } }),
      "main 1_counts says a prefix in a way that is not the same for all",
    ],
    [
      "for one that is asked for and not said",
      input({ asks: { definition: asks } }),
      "main 1_asks says a prefix in a way that is not the same for all",
    ],
    [
      "when it is wanted",
      input({ posts: { definition: posts } }, { keepCompiler: true }),
      "--keep-compiler",
    ],
  ];
  it.each(cases)("%s", (_, given, why) => {
    const { compiler, planned } = needsOf(given);
    expect(compiler).toEqual([why]);
    expect(planned).toBeUndefined();
  });

  it("with what SQL files and backfills need, where there are some", () => {
    const sql = { kind: "sql", text: "select 1" } as const;
    const given = input(
      {
        posts: { definition: posts, carried: { code: sql } },
        fill: { definition: {}, isBackfill: true },
      },
      { keepCompiler: true },
    );
    expect(needsOf(given)).toMatchObject({ backfills: true, sql: true });
    expect(needsOf(input({ posts: { definition: posts } }, { keepCompiler: true }))).toMatchObject({
      backfills: false,
      sql: false,
    });
  });
});
