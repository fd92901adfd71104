/** Options of adapters from JavaScript: a misspelled one is refused, and does not leave its default in force. */
import { expect, it } from "vitest";
import { betterSqlite3 } from "../../src/adapters/better-sqlite3/index.ts";
import { libsql } from "../../src/adapters/libsql/index.ts";
import { mariadb } from "../../src/adapters/mariadb/index.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { neon } from "../../src/adapters/neon/index.ts";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { postgresJs } from "../../src/adapters/postgres-js/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";

const url = "postgres://user:secret@127.0.0.1/blog";

it.each([
  ["postgres()", postgres, { url, lockLease: 1 }, "lockLease", "lockLeaseMs"],
  ["postgresJs()", postgresJs, { url, directURL: url }, "directURL", "directUrl"],
  ["neon()", neon, { url, wsproxy: "host" }, "wsproxy", "wsProxy"],
  ["mysql()", mysql, { url: "mysql://h/d", leaseMs: 1 }, "leaseMs", "lockLeaseMs"],
  ["mariadb()", mariadb, { url: "mysql://h/d", connections: {} }, "connections", "connection"],
  ["sqlite()", sqlite, { path: "a.db", lockLeaseMs: 1 }, "lockLeaseMs", "leaseMs"],
  [
    "betterSqlite3()",
    betterSqlite3,
    { path: "a.db", foreign_keys: false },
    "foreign_keys",
    "foreignKeys",
  ],
  ["libsql()", libsql, { path: "a.db" }, "path", "url"],
  ["pglite()", pglite, { datadir: "db" }, "datadir", "dataDir"],
] as const)("%s refuses %o", (of, adapter, options, option, meant) => {
  const make = () => (adapter as (options: unknown) => unknown)(options);
  expect(make).toThrow(`${of} has no option ${option}`);
  const hint = expect.stringContaining(meant);
  expect(make).toThrow(expect.objectContaining({ code: "option_unknown", exitCode: 2, hint }));
});

it.each([
  ["postgres()", postgres],
  ["postgresJs()", postgresJs],
  ["neon()", neon],
  ["mysql()", mysql],
  ["mariadb()", mariadb],
  ["sqlite()", sqlite],
  ["betterSqlite3()", betterSqlite3],
  ["libsql()", libsql],
  ["pglite()", pglite],
])("%s takes an object, and shows no URL that stands in its place", (of, adapter) => {
  const make = (given?: unknown) => () => (adapter as (given: unknown) => unknown)(given);
  expect(make(url)).toThrow(`the argument of ${of} is a URL, which is not an object`);
  expect(make()).toThrow(`the argument of ${of} is undefined, which is not an object`);
});

it("refuses a value of another kind", () => {
  const make = () => sqlite({ path: "a.db", foreignKeys: "off" as unknown as boolean });
  expect(make).toThrow('foreignKeys is "off", which is not true or false');
});
