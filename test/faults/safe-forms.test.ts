/**
 * Safe forms: for statements at random, the unsafe form and what `check` offers instead leave the same catalog behind,
 * as SQL and as TypeScript. The short form asks PGlite, the full one PostgreSQL 18 and 15 too.
 */
import pg from "pg";
import { afterAll, expect, it } from "vitest";
import { postgresDialectOf } from "../../src/adapters/postgres/dialect.ts";
import { neededParser } from "../../src/check/parser.ts";
import { MigrationBuilder } from "../../src/core/language/builder.ts";
import type { Dialect } from "../../src/core/language/dialect.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { startPostgres15 } from "../corpora/postgres-15.ts";
import { openPglite } from "../support/pglite.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { chanceOf, seedOf } from "../support/random.ts";
import { catalogSql } from "./safe-forms/catalog-of.ts";
import { kinds, schemaOf, writerOf } from "./safe-forms/statements.ts";
import { figuresOf, full, progress } from "./support/figures.ts";

const parser = await neededParser("the test");
const figures = figuresOf("safe forms");
const seed = seedOf("safe forms");

/** One connection: statements one by one, and what the first row says. */
type Place = {
  readonly major: number;
  readonly run: (sql: string) => Promise<unknown>;
  readonly text: (sql: string) => Promise<string>;
  readonly end: () => Promise<unknown>;
};

async function pglitePlace(): Promise<Place> {
  const client = await openPglite();
  return {
    major: 18,
    run: (sql) => client.exec(sql),
    text: async (sql) => String((await client.query<{ catalog: string }>(sql)).rows[0]?.catalog),
    end: () => client.close(),
  };
}

async function serverPlace(url: string, major: number): Promise<Place> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    major,
    run: (sql) => client.query(sql),
    text: async (sql) => String((await client.query(sql)).rows[0]?.catalog),
    end: () => client.end(),
  };
}

type Counts = {
  judged: number;
  refusedByServer: number;
  offered: number;
  inTypescript: number;
  refused: number;
  compared: number;
};

async function sweep(
  place: Place,
  rounds: number,
): Promise<{ counts: Counts; different: string[] }> {
  const { major } = place;
  const chance = chanceOf(seed + major);
  const writer = writerOf(chance, major);
  const catalog = catalogSql(major);
  const dialect = postgresDialectOf(major);
  const counts: Counts = {
    judged: 0,
    refusedByServer: 0,
    offered: 0,
    inTypescript: 0,
    refused: 0,
    compared: 0,
  };
  const different: string[] = [];
  let fresh = "";
  const after = async (schema: string, statements: readonly string[], around = "") => {
    if (fresh !== schema)
      await place.run(
        `DROP SCHEMA IF EXISTS forms CASCADE; CREATE SCHEMA forms; SET search_path = forms; ${schema}`,
      );
    fresh = around === "" ? "" : schema;
    try {
      if (around !== "") await place.run(around);
      for (const sql of statements) await place.run(sql);
      return await place.text(catalog);
    } catch (error) {
      return `error: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      if (around !== "") await place.run("ROLLBACK");
    }
  };
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(kinds);
    const kind = names[round % names.length]!;
    const sql = kinds[kind]!(writer);
    const schema = schemaOf(kind, major);
    const base = parser.statements(schema);
    counts.judged++;
    const statements = parser.statements(sql);
    const found = judge([{ name: "x", statements, inTransaction: false }], {
      ...parser,
      ...{ base, server: { major } },
    });
    const forms = found.filter(({ safe, rule }) => safe !== undefined && offers.test(rule));
    if (forms.length === 0) {
      counts.refused++;
      continue;
    }
    const unsafe = await after(schema, [sql], "BEGIN");
    if (unsafe.startsWith("error:")) {
      counts.refusedByServer++;
      continue;
    }
    for (const { safe, rule } of forms) {
      counts.offered++;
      const lines = (safe?.sql ?? []).map((line) => line.replace(/; {2}--.*$/, ";"));
      const shown = [`${kind}, ${rule}: ${sql}`, ...lines].join("\n  ");
      const own = kind === "detach" ? [...lines, dropsBound(sql)] : lines;
      counts.compared++;
      const seen = await after(schema, own);
      if (seen !== unsafe) different.push(`${shown}\n${difference(unsafe, seen)}`);
      if (safe?.dsl === undefined) continue;
      counts.inTypescript++;
      counts.compared++;
      const inTypescript = await after(schema, compiled(safe.dsl, dialect));
      if (inTypescript !== unsafe)
        different.push(`${shown}\n  ${safe.dsl.join("\n")}\n${difference(unsafe, inTypescript)}`);
    }
    if (round % 500 === 499) progress(`PostgreSQL ${major}: ${round + 1}`);
  }
  return { counts, different };
}

/** The rules whose forms are the statement in another way, and not another thing to do. */
const offers =
  /^(index-not-concurrent|drop-index-not-concurrent|reindex-not-concurrent|refresh-matview-not-concurrent|detach-partition-not-concurrent|add-check-scan|add-fk-scan|add-unique-without-index|add-primary-key-without-index|set-not-null-scan)$/;

/** What DETACH … CONCURRENTLY leaves behind, as its form says. */
function dropsBound(sql: string): string {
  return sql.includes("e1")
    ? "ALTER TABLE e1 DROP CONSTRAINT e1_at_check"
    : 'ALTER TABLE "e 2" DROP CONSTRAINT "e 2_at_check"';
}

function compiled(dsl: readonly string[], dialect: Dialect): readonly string[] {
  const { identifierLimit } = dialect;
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  new Function("m", dsl.join("\n"))(m);
  return m.build().flatMap((op) => {
    if (op.kind !== "safely") throw new Error(`${op.kind} is no safe form`);
    return dialect
      .safely(op.form)
      .flatMap(({ operations = [] }) => operations.flatMap((one) => dialect.compile(one)))
      .map(({ sql }) => sql);
  });
}

/** What the one says and the other does not, part by part. */
function difference(wanted: string, seen: string): string {
  if (!wanted.startsWith("{") || !seen.startsWith("{")) return `  ${seen.slice(0, 300)}`;
  const [a, b] = [JSON.parse(wanted), JSON.parse(seen)];
  return Object.keys(a)
    .flatMap((part) => {
      const lines = (value: unknown) =>
        new Set(Array.isArray(value) ? value.map((one) => JSON.stringify(one)) : []);
      const [left, right] = [lines(a[part]), lines(b[part])];
      return [
        ...[...left].filter((one) => !right.has(one)).map((one) => `  - ${part} ${one}`),
        ...[...right].filter((one) => !left.has(one)).map((one) => `  + ${part} ${one}`),
      ];
    })
    .slice(0, 4)
    .join("\n");
}

const places = [
  { name: "PGlite", open: pglitePlace, rounds: full ? 2_000 : 500 },
  ...(full ? await servers() : []),
];

async function servers() {
  const opened = [
    { major: 18, server: await startPostgres() },
    { major: 15, server: await startPostgres15() },
  ];
  afterAll(async () => {
    for (const { server } of opened) await server?.stop();
  });
  return opened.flatMap(({ major, server }) =>
    server === undefined
      ? []
      : [
          {
            name: `PostgreSQL ${major}`,
            open: () => serverPlace(server.url, major),
            rounds: major === 18 ? 20_000 : 5_000,
          },
        ],
  );
}

it.each(places)(
  "on $name a safe form leaves the catalog that the unsafe one does",
  async ({ name, open, rounds }) => {
    const place = await open();
    const { counts, different } = await sweep(place, rounds);
    await place.end();
    for (const [what, count] of Object.entries(counts)) figures.tell(`${name}: ${what}`, count);
    figures.atLeast(`${name}: catalogs compared`, counts.compared, rounds / 3);
    expect(different.slice(0, 8).join("\n\n")).toBe("");
    figures.must(`${name}: different`, different.length, 0);
  },
  full ? 7_200_000 : 180_000,
);
