/** What works on a server is not called certain to fail. */

import { afterAll, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { verdicts } from "../../src/core/safety/rules/verdict.ts";
import { openPglite } from "../support/pglite.ts";

const parser = await neededParser("the test");
const client = await openPglite();
afterAll(() => client.close());

const twice = (n: number) =>
  `ALTER TYPE mood RENAME TO mood_${n};
CREATE TYPE mood AS ENUM ('calm', 'glad${n}');
ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood;
DROP TYPE mood_${n};`;
const people = "CREATE TYPE mood AS ENUM ('calm');\nCREATE TABLE people (id int, mood mood);";
const tables = "CREATE TABLE a (id int, x int);\nCREATE TABLE b (id int, x int, y int);";
const notYet = "IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'a_positive') THEN";
const positive = `DO $$ BEGIN ${notYet} ALTER TABLE a ADD CONSTRAINT a_positive CHECK (x > 0); END IF; END $$;`;

const works: readonly (readonly [string, readonly string[]])[] = [
  ["a type that is renamed and made anew, twice", [people, twice(1), twice(2)]],
  [
    "a column that refers to a key of its own table, which stands behind it",
    ["CREATE TABLE c (id int NOT NULL, parent int REFERENCES c (id), PRIMARY KEY (id));"],
  ],
  [
    "a foreign key of a table to itself, before its key",
    [
      "CREATE TABLE c (id int, k int, parent int, FOREIGN KEY (parent) REFERENCES c (k), UNIQUE (k));",
      "ALTER TABLE c ADD COLUMN n int, ADD COLUMN up int REFERENCES c (n), ADD UNIQUE (n);",
      "ALTER TABLE c ADD COLUMN m int, ADD FOREIGN KEY (up) REFERENCES c (m), ADD UNIQUE (m);",
    ],
  ],
  [
    "a domain that is renamed",
    ["CREATE DOMAIN d AS int;", "ALTER DOMAIN d RENAME TO e;", "CREATE TYPE d AS ENUM ('a');"],
  ],
  [
    "a type of the same name in another schema",
    ["CREATE SCHEMA other; CREATE TYPE other.mood AS ENUM ('a');", people, "DROP TYPE other.mood;"],
  ],
  [
    "a type that moves to another schema",
    [
      people,
      "CREATE SCHEMA other; ALTER TYPE mood SET SCHEMA other; CREATE TYPE mood AS ENUM ('a');",
    ],
  ],
  [
    "a column that only the table beside the star has",
    [
      tables,
      "CREATE VIEW v AS SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id);",
      "ALTER TABLE b RENAME COLUMN x TO z;",
      "ALTER TABLE b DROP COLUMN z;",
    ],
  ],
  [
    "a column that the other half of a union reads from its own table",
    [
      tables,
      "CREATE VIEW v AS SELECT x FROM a UNION SELECT y FROM b;",
      "ALTER TABLE b DROP COLUMN x;",
    ],
  ],
  [
    "an outer column of the name of an inner table's",
    [
      tables,
      "CREATE VIEW v AS SELECT x FROM a JOIN (SELECT id FROM b) c USING (id);",
      "ALTER TABLE b DROP COLUMN x;",
    ],
  ],
  ["a constraint that a block adds where it is not there", [tables, positive, positive]],
  [
    "a constraint that a block may have taken away",
    [
      `${tables} ALTER TABLE a ADD CONSTRAINT a_positive CHECK (x > 0);`,
      "DO $$ BEGIN EXECUTE 'ALTER TABLE a DROP CONSTRAINT a_positive'; END $$;",
      "ALTER TABLE a ADD CONSTRAINT a_positive CHECK (x > 1);",
    ],
  ],
  [
    "a column that only one branch of a block takes away",
    [
      tables,
      "DO $$ BEGIN IF false THEN ALTER TABLE a DROP COLUMN x; ELSE ALTER TABLE a RENAME COLUMN x TO z; END IF; END $$;",
      "ALTER TABLE a DROP COLUMN z;",
    ],
  ],
];

let made = 0;

it.each(works)("%s", async (_, migrations) => {
  const schema = `works_${++made}`;
  await client.exec(`CREATE SCHEMA ${schema}; SET search_path = ${schema};`);
  for (const sql of migrations) await client.exec(sql);
  await client.exec("DROP SCHEMA IF EXISTS other CASCADE;");
  const history = migrations.map((sql, i) => ({
    script: { name: `${i}`, statements: parser.statements(sql), inTransaction: true },
    hasLines: true,
  }));
  const found = verdicts(history, { ...parser, major: 16 }).flatMap(({ findings }) => findings);
  expect(found.filter(({ rule }) => rule === "will-fail")).toEqual([]);
});

it("a temporary table with the name that one of an earlier migration had", () => {
  const history = [
    "CREATE TEMP TABLE t (a serial PRIMARY KEY);",
    "CREATE TEMP TABLE t (a int);",
  ].map((sql, i) => ({
    script: { name: `${i}`, statements: parser.statements(sql), inTransaction: true },
    hasLines: true,
  }));
  const found = verdicts(history, { ...parser, major: 16 }).flatMap(({ findings }) => findings);
  expect(found.filter(({ rule }) => rule === "will-fail")).toEqual([]);
});
