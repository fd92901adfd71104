import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.mjs";

/**
 * A part of `npm run faults`: what vitest is told, and in which environment besides `SLIPWAY_FAULTS=full`.
 * @typedef {{ readonly name: string, readonly args: readonly string[], readonly env?: NodeJS.ProcessEnv }} Part
 */

/**
 * Every part, in the order in which they run. Each file of test/faults is one by itself; a file or a group of tests
 * from elsewhere that has a full form is a line here.
 * @type {readonly Part[]}
 */
export const parts = [
  ...filesOf("test/faults"),
  {
    name: "conformance through PgBouncer",
    args: ["test/conformance", "test/release", "-t", "on postgres"],
    env: { SLIPWAY_TEST_POOLED: "1" },
  },
  {
    name: "conformance as a migrator with the documented rights",
    args: ["test/conformance", "-t", "on postgres"],
    env: { SLIPWAY_TEST_LEAST_RIGHTS: "1" },
  },
  {
    name: "errors: every command of docs/errors.md",
    args: ["test/docs/errors-page.test.ts"],
  },
  {
    name: "language: random lists of operations, up, down and up",
    args: ["test/language/random-lists.test.ts"],
  },
  {
    name: "catalog: random pairs of schemas, there and back",
    args: [
      "test/catalog/difference.test.ts",
      "test/catalog/mariadb-difference.test.ts",
      "test/catalog/sqlite-difference.test.ts",
      "test/catalog/written-difference.test.ts",
    ],
  },
  {
    name: "logical replication: what stops a subscription when its own side changes",
    args: ["test/check/subscribed.test.ts"],
  },
  {
    name: "rows: keys and settings of MariaDB and SQLite",
    args: ["test/backfill/keys-", "test/backfill/trust-mariadb.test.ts"],
  },
  {
    name: "rows: hidden by policies, look-alike operators, swapped tables, keys that are not unique",
    args: ["row-security", "search-path", "replaced", "tables"].map(
      (file) => `test/backfill/${file}.test.ts`,
    ),
  },
  {
    name: "sessions: what a migration leaves behind, code that ends its transaction, settings of the role",
    args: [
      "test/engine/leftovers.test.ts",
      "test/engine/transaction-broken.test.ts",
      "test/engine/statement-timeout.test.ts",
      "test/release/hostile-settings.test.ts",
    ],
  },
  {
    name: "files: encodings, markers, rebuilds of SQLite, half-run migrations",
    args: [
      "test/engine/not-utf8.test.ts",
      "test/core/sql/markers.test.ts",
      "test/adapters/sqlite-own-rebuild.test.ts",
      "test/release/half-done.test.ts",
    ],
  },
  {
    name: "security: names of the catalog, files of others, the terminal, passwords, stored plans",
    args: [
      "test/adapters/postgres-own-names.test.ts",
      "test/built/trust.test.ts",
      "test/reporters/hostile.test.ts",
      "test/core/redact.test.ts",
      "test/release/forged-plan.test.ts",
    ],
  },
  {
    name: "rights: a migrator with the least of them, and what keeps Slipway from its tables",
    args: ["test/release/least-rights.test.ts", "test/release/setup-refused.test.ts"],
  },
  {
    name: "rules: 60 findings of real histories against a server, where SLIPWAY_CORPORA has them",
    args: ["test/corpora/findings-sample.test.ts"],
  },
];

/**
 * @param {string} folder
 * @returns {Part[]}
 */
function filesOf(folder) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".test.ts"));
  return files.map((file) => ({ name: file, args: [`${folder}/${file}`] }));
}
