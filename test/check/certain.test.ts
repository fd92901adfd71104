/** What is certain to fail: what to write instead, and that nobody is offered to answer it. */

import { defineRelease, isReleaseError, type MigrationsOption } from "slipway";
import { afterAll, describe, expect, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { neededParser } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { openPglite } from "../support/pglite.ts";
import { recorder } from "../support/recorder.ts";

const parser = await neededParser("the test");
const client = await openPglite();
afterAll(() => client.close());

const partitions = `CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_b PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;
const views = `CREATE TABLE orders (id bigint PRIMARY KEY, state text);
CREATE VIEW open_orders AS SELECT id, state FROM orders;
CREATE VIEW few AS SELECT state FROM open_orders;`;
const procedure = `CREATE PROCEDURE tidy() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM gone; COMMIT; END $$;`;
const back = (view: string) =>
  `CREATE VIEW ${view} AS …;  -- from SELECT pg_get_viewdef('${view}'::regclass, true), with its grants`;

const cases: readonly (readonly [string, string, string, readonly string[] | undefined])[] = [
  [
    "a concurrent index of a partitioned table",
    partitions,
    "CREATE INDEX CONCURRENTLY events_id ON events (id)",
    [
      "CREATE INDEX events_id ON ONLY events (id);",
      "CREATE INDEX CONCURRENTLY events_a_id_idx ON events_a (id);  -- outside a transaction",
      "ALTER INDEX events_id ATTACH PARTITION events_a_id_idx;",
      "CREATE INDEX CONCURRENTLY events_b_id_idx ON events_b (id);  -- outside a transaction",
      "ALTER INDEX events_id ATTACH PARTITION events_b_id_idx;",
    ],
  ],
  [
    "a column that a view reads, and a view on that view",
    views,
    "ALTER TABLE orders DROP COLUMN state",
    [
      "DROP VIEW few;",
      "DROP VIEW open_orders;",
      "ALTER TABLE orders DROP COLUMN state;",
      back("open_orders"),
      back("few"),
    ],
  ],
  [
    "the type of such a column",
    views,
    "ALTER TABLE orders ALTER COLUMN state TYPE varchar(20)",
    [
      "DROP VIEW few;",
      "DROP VIEW open_orders;",
      "ALTER TABLE orders ALTER COLUMN state TYPE varchar(20);",
      back("open_orders"),
      back("few"),
    ],
  ],
  [
    "a procedure that commits",
    procedure,
    "CALL tidy()",
    ["-- slipway: transaction=false", "CALL tidy(…);  -- in a separate file"],
  ],
  [
    "DISCARD ALL",
    "",
    "DISCARD ALL",
    ["-- slipway: transaction=false", "DISCARD ALL;  -- in a separate file"],
  ],
  ["what nothing helps", "CREATE TABLE a (id int);", "ALTER TABLE a DROP COLUMN b", undefined],
];

it.each(cases)("%s", (_, schema, sql, safe) => {
  const script = {
    name: "x",
    statements: parser.statements(sql),
    inTransaction: !sql.includes("CONCURRENTLY"),
  };
  const base = parser.statements(schema);
  const found = judge([script], { ...parser, base, server: { major: 16 } });
  expect(found.find(({ rule }) => rule === "will-fail")?.safe?.sql).toEqual(safe);
});

it("the form for partitions works as it stands", async () => {
  await client.exec(partitions);
  for (const line of cases[0]?.[3] ?? []) await client.exec(line);
  const { rows } = await client.query(
    "SELECT indisvalid FROM pg_index WHERE indexrelid = 'events_id'::regclass",
  );
  expect(rows).toEqual([{ indisvalid: true }]);
});

describe("migrate", () => {
  const migrate = (migrations: MigrationsOption) =>
    defineRelease({ app: "app", repos: { main: { adapter: pglite({ client }), migrations } } })
      .using(recorder().world)
      .migrate({ strict: true });

  it("refuses it without asking for an answer, apart from what is unsafe", async () => {
    const first = { "1_first": views };
    await migrate(first);
    const error: unknown = await migrate({
      ...first,
      "2_fails": "ALTER TABLE orders DROP COLUMN state;",
      "3_syntax": "CREATE TABEL a (id int);",
      "4_unsafe": "ALTER TABLE orders DROP COLUMN id CASCADE;",
    }).catch((thrown: unknown) => thrown);
    if (!isReleaseError(error) || !("errors" in error.details)) throw error;
    const [certain, unsafe] = error.details.errors;
    expect(certain).toMatchObject({ code: "certain_to_fail", exitCode: 4 });
    expect(certain?.message).toMatch(
      /^repo main: nothing was run, because it cannot work:\n.*2_fails:1 will-fail: .*\n.*3_syntax:1 syntax-error: /,
    );
    expect(certain?.hint).not.toContain("answer");
    expect(unsafe).toMatchObject({ code: "unsafe" });
  });

  it("runs DISCARD ALL outside of a transaction by itself", async () => {
    const [outcome] = await migrate({ "1_first": views, "5_discard": "DISCARD ALL;" });
    expect(outcome?.migrations.map(({ version }) => version)).toEqual(["5"]);
  });
});
