import { describe, expect, it } from "vitest";
import type { Probe } from "../../../src/core/model/probe.ts";
import { probeOfSql } from "../../../src/core/sql/probe-sql.ts";
import type { SqlSyntax } from "../../../src/core/sql/token.ts";

const index = (name: string, table?: string): Probe => ({
  kind: "index",
  name: { name },
  ...(table === undefined ? {} : { table: { name: table } }),
  expect: "present",
});

const cases: [string, SqlSyntax, Probe | undefined][] = [
  ["create index concurrently i on t (a)", "postgres", index("i", "t")],
  ["CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t (a)", "postgres", index("i", "t")],
  ["create /* here */ index -- now\n concurrently I on T (a)", "postgres", index("i", "t")],
  ['create index concurrently "I ""x""" on "T" (a)', "postgres", index('I "x"', "T")],
  ["create index I on T (a)", "mysql", index("I", "T")],
  ["create index `i``x` on `t` (a)", "mysql", index("i`x", "t")],
  [
    "create index concurrently i on app.t (a)",
    "postgres",
    {
      kind: "index",
      name: { name: "i", prefix: "app" },
      table: { name: "t", prefix: "app" },
      expect: "present",
    },
  ],
  ["create index concurrently on t (a)", "postgres", undefined],
  [
    "drop index concurrently i",
    "postgres",
    { kind: "index", name: { name: "i" }, expect: "absent" },
  ],
  [
    "drop index concurrently if exists app.i cascade",
    "postgres",
    { kind: "index", name: { name: "i", prefix: "app" }, expect: "absent" },
  ],
  ["drop index concurrently i, j", "postgres", undefined],
  [
    "drop index i on t",
    "mysql",
    { kind: "index", name: { name: "i" }, table: { name: "t" }, expect: "absent" },
  ],
  [
    "create table if not exists t (a int)",
    "mysql",
    { kind: "table", name: { name: "t" }, expect: "present" },
  ],
  ["create temporary table t (a int)", "mysql", undefined],
  ["drop table t", "mysql", { kind: "table", name: { name: "t" }, expect: "absent" }],
  ["drop table t, u", "mysql", undefined],
  [
    "create materialized view v as select 1",
    "postgres",
    { kind: "view", name: { name: "v" }, expect: "present" },
  ],
  ["create or replace view v as select 1", "postgres", { kind: "repeatable" }],
  ["create function f() returns int language sql as 'select 1'", "postgres", undefined],
  [
    "alter type mood add value if not exists 'it''s ok' after 'sad'",
    "postgres",
    { kind: "enum_value", name: { name: "mood" }, part: "it's ok", expect: "present" },
  ],
  ["alter type mood rename value 'a' to 'b'", "postgres", undefined],
  [
    "alter table only t validate constraint c",
    "postgres",
    { kind: "constraint", name: { name: "t" }, part: "c", expect: "validated" },
  ],
  [
    "alter table t add constraint c check (a > 0) not valid",
    "postgres",
    { kind: "constraint", name: { name: "t" }, part: "c", expect: "present" },
  ],
  [
    "alter table t drop constraint if exists c",
    "postgres",
    { kind: "constraint", name: { name: "t" }, part: "c", expect: "absent" },
  ],
  [
    "alter table t add column a decimal(10, 2)",
    "mysql",
    { kind: "column", name: { name: "t" }, part: "a", expect: "present" },
  ],
  [
    "alter table t drop column a",
    "mysql",
    { kind: "column", name: { name: "t" }, part: "a", expect: "absent" },
  ],
  ["alter table t drop column a, add column a int", "mysql", undefined],
  ["vacuum (analyze) t", "postgres", { kind: "repeatable" }],
  ["reindex index i", "postgres", { kind: "repeatable" }],
  [
    "reindex index concurrently i",
    "postgres",
    { kind: "repeatable", rebuilds: { what: "index", name: { name: "i" } } },
  ],
  [
    'reindex (concurrently, tablespace s) table app."T"',
    "postgres",
    { kind: "repeatable", rebuilds: { what: "table", name: { name: "T", prefix: "app" } } },
  ],
  [
    "reindex (verbose) database concurrently",
    "postgres",
    { kind: "repeatable", rebuilds: { what: "database", name: undefined } },
  ],
  ["set search_path to app", "postgres", { kind: "setting", ownOnly: true }],
  ["reset role", "postgres", { kind: "setting", ownOnly: true }],
  [
    "select pg_catalog.set_config('search_path', '', false)",
    "postgres",
    { kind: "setting", ownOnly: true },
  ],
  ["set @last = last_insert_id()", "mysql", { kind: "setting" }],
  ["insert into t values ('create index i on t')", "postgres", undefined],
  ["", "postgres", undefined],
];

describe("the probe of a statement", () => {
  it.each(cases)("%s (%s)", (sql, syntax, probe) => {
    expect(probeOfSql(sql, syntax)).toEqual(probe);
  });
});
