/** Clause by clause: what `check` says, and what PostgreSQL 18 and 15 do. */
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { loadParser, type Parser } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { startPostgres15 } from "../corpora/postgres-15.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type Clause, clauses } from "./clauses/clauses.ts";
import { type Observed, watch } from "./support/observed.ts";

const loaded = await loadParser();
if (loaded === undefined) throw new Error("libpg-query is a development dependency: npm install");
const parser: Parser = loaded;

const eighteen = await freshDatabase();
const fifteen = await startPostgres15();
afterAll(async () => {
  await eighteen.drop();
  await fifteen?.stop();
});

/** The rules that speak of rows that are read or written. */
const works =
  /^(add-fk-scan|add-check-scan|set-not-null-scan|change-column-type|index-not-concurrent|add-column-rewrite|table-rewrite-command|add-unique-without-index|attach-partition-scan)$/;

const places = [
  { major: 18, url: eighteen.url },
  ...(fifteen === undefined ? [] : [{ major: 15, url: fifteen.url }]),
];

describe.each(places)("PostgreSQL $major", ({ major, url }) => {
  const known = clauses.filter(([, , , since = 0]) => since <= major);

  it.each(known.map((clause) => [`${clause[0]} ${clause[1]}`, clause] as const))(
    "%s",
    async (_, [schema, sql, rules]) => {
      expect(rulesOf(schema, sql, major)).toEqual([...rules].sort());
      const seen = await observed([schema, sql, rules], url);
      const fails = rules.some((rule) => /^(will-fail|enum-value-used)/.test(rule));
      expect({ fails: seen.error !== undefined, error: seen.error }).toEqual({
        fails,
        error: fails ? seen.error : undefined,
      });
      const touched = [...seen.rewritten, ...seen.scanned, ...seen.built];
      expect({ works: touched.length > 0, touched }).toEqual({
        works: rules.some((rule) => works.test(rule)),
        touched,
      });
    },
  );
});

function rulesOf(schema: string, sql: string, major: number): readonly string[] {
  const script = { name: "x", statements: parser.statements(sql), inTransaction: false };
  const base = parser.statements(schema);
  const found = judge([script], { ...parser, base, server: { major } });
  return [...new Set(found.map(({ rule }) => rule))].sort();
}

async function observed([schema, sql]: Clause, url: string): Promise<Observed> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query(
      "DROP PUBLICATION IF EXISTS pu; DROP SCHEMA IF EXISTS public, other CASCADE; CREATE SCHEMA public;",
    );
    await admin.query(schema);
  } finally {
    await admin.end();
  }
  return watch(url, { files: [parser.statements(sql)], inTransaction: false });
}
