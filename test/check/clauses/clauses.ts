/** Clauses of ALTER TABLE, ALTER TYPE, ALTER DOMAIN and CREATE INDEX, each judged by a real server too. */

/** What is there, the statement, the rules that find it, and the oldest server that knows it (default: all). */
export type Clause = readonly [
  schema: string,
  sql: string,
  rules: readonly string[],
  since?: number,
];

const parent = "CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1);";
const child = `${parent} CREATE TABLE t (a int REFERENCES p); INSERT INTO t VALUES (1);`;
const bounded = "CHECK (id >= 0 AND id < 9)";
const virtual = "CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL);";
const overlaps =
  "CREATE TABLE p (k int4range, d daterange, UNIQUE (k, d WITHOUT OVERLAPS)); CREATE TABLE t (k int4range, d daterange);";
const one = "CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 1);";
const typed = "CREATE TYPE k AS (x int, y int); CREATE TABLE t OF k; INSERT INTO t VALUES (1, 1);";
const held = "CREATE TYPE k AS (x int, y int); CREATE TABLE t (c k);";
const parts =
  "CREATE TABLE e (id int NOT NULL, v int) PARTITION BY RANGE (id); CREATE TABLE c PARTITION OF e FOR VALUES FROM (0) TO (9); INSERT INTO e VALUES (1, 1);";
const mood = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood);";

// biome-ignore format: one clause a line
export const clauses: readonly Clause[] = [
  // What reads rows or locks others, and looks harmless.
  [`${parent} CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT ENFORCED; INSERT INTO t VALUES (1);`, "ALTER TABLE t ALTER CONSTRAINT f ENFORCED", ["add-fk-scan"], 18],
  [child, "ALTER TABLE t ALTER CONSTRAINT t_a_fkey NOT ENFORCED", [], 18],
  [child, "ALTER TABLE t ALTER CONSTRAINT t_a_fkey DEFERRABLE", []],
  ["CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0));", "ALTER TABLE t ALTER CONSTRAINT k DEFERRABLE", ["will-fail"]],
  [one, "ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL", ["set-not-null-scan"], 18],
  [one, "ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (a) VIRTUAL", [], 18],
  ["CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL); INSERT INTO t VALUES (1);", "ALTER TABLE t ALTER v SET EXPRESSION AS (a + 1)", ["set-not-null-scan"], 18],
  [virtual, "ALTER TABLE t ALTER v SET EXPRESSION AS (a + 1)", [], 18],
  ["CREATE TABLE t (a int CHECK (a > 0), v int GENERATED ALWAYS AS (a) VIRTUAL);", "ALTER TABLE t ALTER v SET EXPRESSION AS (a + 1)", ["will-fail"], 18],
  [`${parent} CREATE TABLE e (id int NOT NULL REFERENCES p) PARTITION BY RANGE (id); CREATE TABLE c (id int NOT NULL ${bounded}); INSERT INTO c VALUES (1);`, "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", ["add-fk-scan", "multi-table-lock"]],
  [`${parent} CREATE TABLE e (id int NOT NULL REFERENCES p) PARTITION BY RANGE (id); CREATE TABLE c (id int NOT NULL REFERENCES p ${bounded}); INSERT INTO c VALUES (1);`, "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", ["multi-table-lock"]],
  [`CREATE TABLE e (id int NOT NULL) PARTITION BY RANGE (id); CREATE INDEX ON e (id); CREATE TABLE c (id int NOT NULL ${bounded}); INSERT INTO c VALUES (1);`, "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", ["index-not-concurrent"]],
  [`CREATE TABLE e (id int NOT NULL) PARTITION BY RANGE (id); CREATE INDEX ON e (id); CREATE TABLE c (id int NOT NULL ${bounded}); CREATE INDEX ON c (id);`, "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", []],
  [typed, "ALTER TYPE k ALTER ATTRIBUTE x TYPE bigint CASCADE", ["change-column-type"]],
  [typed, "ALTER TYPE k ADD ATTRIBUTE z bigint CASCADE", []],
  [child, "ALTER TABLE p ALTER id TYPE bigint", ["change-column-type", "multi-table-lock"]],
  [child, "ALTER TABLE t ALTER a TYPE bigint", ["change-column-type", "multi-table-lock"]],
  ["CREATE TABLE t (at timestamp); CREATE INDEX ON t (at); INSERT INTO t VALUES (now());", "BEGIN; SET LOCAL timezone = 'UTC'; ALTER TABLE t ALTER at TYPE timestamptz; COMMIT", ["change-column-type"]],
  ["CREATE TABLE t (at timestamp); INSERT INTO t VALUES (now());", "BEGIN; SET LOCAL timezone = 'UTC'; ALTER TABLE t ALTER at TYPE timestamptz; COMMIT", ["statistics-lost"]],
  // What writes nothing, and looks as if it did.
  [`${virtual} INSERT INTO t VALUES (1);`, "ALTER TABLE t ALTER v TYPE bigint", [], 18],
  [one, "ALTER TABLE t ADD COLUMN x bigint DEFAULT txid_current()", []],
  [one, "ALTER TABLE t ADD COLUMN x xid8 DEFAULT pg_current_xact_id()", []],
  [`${parts} ALTER TABLE c ADD CHECK (v IS NOT NULL);`, "ALTER TABLE e ALTER v SET NOT NULL", []],
  [parts, "ALTER TABLE e ALTER v SET NOT NULL", ["set-not-null-scan"]],
  // What the server believes without a look.
  [`${parts} ALTER TABLE c ADD CONSTRAINT n NOT NULL v NOT VALID;`, "ALTER TABLE e ALTER v SET NOT NULL", ["not-null-not-validated"], 18],
  [parts, "ALTER TABLE e ADD CONSTRAINT n NOT NULL v NOT VALID", [], 18],
  // Enums that are made anew.
  [mood, "BEGIN; ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('a', 'b'); ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE old_mood; COMMIT", ["change-column-type"]],
  [`${mood} CREATE SCHEMA other;`, "BEGIN; ALTER TYPE mood SET SCHEMA other; CREATE TYPE mood AS ENUM ('a', 'b'); COMMIT; DROP SCHEMA other CASCADE", ["cascade", "drop-schema"]],
  [mood, "BEGIN; ALTER TYPE mood RENAME TO feel; ALTER TYPE feel ADD VALUE 'b'; INSERT INTO t VALUES ('b'); COMMIT", ["enum-value-used-in-transaction"]],
  // What cannot work.
  ["CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a DESC);", "ALTER TABLE t ADD UNIQUE USING INDEX i", ["will-fail"]],
  ["CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a NULLS FIRST);", "ALTER TABLE t ADD UNIQUE USING INDEX i", ["will-fail"]],
  ["CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a ASC NULLS LAST);", "ALTER TABLE t ADD UNIQUE USING INDEX i", []],
  ['CREATE TABLE t (a text); CREATE UNIQUE INDEX i ON t (a COLLATE "C");', "ALTER TABLE t ADD UNIQUE USING INDEX i", ["will-fail"]],
  ['CREATE TABLE t (a text COLLATE "C"); CREATE UNIQUE INDEX i ON t (a COLLATE "C");', "ALTER TABLE t ADD UNIQUE USING INDEX i", []],
  ["CREATE TABLE t (a text); CREATE UNIQUE INDEX i ON t (a text_pattern_ops);", "ALTER TABLE t ADD UNIQUE USING INDEX i", ["will-fail"]],
  [`${one} CREATE PUBLICATION pu FOR TABLE t (a);`, "ALTER TABLE t ALTER a TYPE bigint", ["will-fail"], 15],
  [`${one} CREATE PUBLICATION pu FOR TABLE t WHERE (a > 0);`, "ALTER TABLE t ALTER a TYPE bigint", ["will-fail"], 15],
  [`${one} CREATE PUBLICATION pu FOR TABLE t (b);`, "ALTER TABLE t ALTER a TYPE bigint", ["change-column-type"], 15],
  [`${one} CREATE PUBLICATION pu FOR TABLE t (a);`, "ALTER TABLE t DROP a", ["will-fail"], 15],
  [`${one} CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT sum(a) FROM t; END;`, "ALTER TABLE t ALTER a TYPE bigint", ["will-fail"], 14],
  [`${one} CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT sum(a) FROM t; END;`, "ALTER TABLE t DROP a", ["will-fail"], 14],
  [`${one} CREATE FUNCTION f() RETURNS bigint BEGIN ATOMIC SELECT sum(a) FROM t; END; DROP FUNCTION f;`, "ALTER TABLE t ALTER a TYPE bigint", ["change-column-type"], 14],
  [`${one} CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT sum(a) FROM t';`, "ALTER TABLE t ALTER a TYPE bigint", ["change-column-type"]],
  ["CREATE TABLE e (id int NOT NULL) PARTITION BY RANGE (id); CREATE TABLE c (id int);", "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", ["will-fail"]],
  ["CREATE TABLE e (id int NOT NULL, v int) PARTITION BY RANGE (id); CREATE TABLE c (id int NOT NULL);", "ALTER TABLE e ATTACH PARTITION c FOR VALUES FROM (0) TO (9)", ["will-fail"]],
  ["CREATE TABLE p (id int NOT NULL); CREATE TABLE t (id int);", "ALTER TABLE t INHERIT p", ["will-fail"]],
  ["CREATE TABLE p (id int CHECK (id > 0)); CREATE TABLE t (id int);", "ALTER TABLE t INHERIT p", ["will-fail"]],
  ["CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE t (id int);", "ALTER TABLE t INHERIT p", ["will-fail"]],
  ["CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT ENFORCED;", "ALTER TABLE t VALIDATE CONSTRAINT k", ["will-fail"], 18],
  [virtual, "ALTER TABLE t ALTER v DROP EXPRESSION", ["will-fail"], 18],
  ["CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) STORED);", "ALTER TABLE t ALTER v DROP EXPRESSION", []],
  [virtual, "CREATE INDEX CONCURRENTLY i ON t (v)", ["will-fail"], 18],
  [virtual, "CREATE INDEX CONCURRENTLY i ON t (a) INCLUDE (v)", ["will-fail"], 18],
  [virtual, "CREATE INDEX CONCURRENTLY i ON t (a) WHERE v > 0", ["will-fail"], 18],
  [virtual, "CREATE INDEX CONCURRENTLY i ON t ((v + 1))", ["will-fail"], 18],
  [virtual, "ALTER TABLE t ADD UNIQUE (v)", ["will-fail"], 18],
  [`${parent} ${virtual}`, "ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES p NOT VALID", ["will-fail"], 18],
  [virtual, "CREATE STATISTICS s ON a, v FROM t", ["will-fail"], 18],
  [one, "CREATE STATISTICS s ON a, b FROM t", []],
  ["CREATE DOMAIN d AS int; CREATE TABLE t (a d[]);", "ALTER DOMAIN d ADD CHECK (VALUE > 0)", ["will-fail"]],
  ["CREATE DOMAIN d AS int; CREATE TABLE t (a d[]);", "ALTER DOMAIN d ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID", []],
  ["CREATE DOMAIN d AS int; CREATE TABLE t (a d[]);", "ALTER DOMAIN d SET NOT NULL", ["will-fail"]],
  ["CREATE DOMAIN d AS int; CREATE TYPE k AS (x d); CREATE TABLE t (a k);", "ALTER DOMAIN d ADD CHECK (VALUE > 0)", ["will-fail"]],
  [held, "ALTER TYPE k ALTER ATTRIBUTE x TYPE bigint", ["will-fail"]],
  [held, "ALTER TYPE k ADD ATTRIBUTE z bigint", []],
  [held, "ALTER TYPE k DROP ATTRIBUTE y", []],
  ["CREATE TYPE k AS (x int); CREATE TABLE t (c k[]);", "ALTER TYPE k ALTER ATTRIBUTE x TYPE bigint", ["will-fail"]],
  [typed, "ALTER TYPE k ALTER ATTRIBUTE x TYPE bigint", ["will-fail"]],
  [typed, "ALTER TYPE k ADD ATTRIBUTE z bigint", ["will-fail"]],
  [typed, "ALTER TYPE k DROP ATTRIBUTE y", ["will-fail"]],
  [typed, "ALTER TYPE k RENAME ATTRIBUTE y TO z", ["will-fail"]],
  ["CREATE TABLE t (a int, CONSTRAINT n NOT NULL a NO INHERIT);", "ALTER TABLE t ALTER a SET NOT NULL", ["will-fail"], 18],
  ["CREATE TABLE t (a int PRIMARY KEY);", "ALTER TABLE t DROP CONSTRAINT t_a_not_null", ["will-fail"], 18],
  ["CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);", "ALTER TABLE t DROP CONSTRAINT t_a_not_null", ["will-fail"], 18],
  ["CREATE TABLE t (a int NOT NULL);", "ALTER TABLE t DROP CONSTRAINT t_a_not_null", [], 18],
  [overlaps, "ALTER TABLE t ADD FOREIGN KEY (k, PERIOD d) REFERENCES p (k, PERIOD d) ON DELETE CASCADE NOT VALID", ["will-fail"], 18],
  [overlaps, "ALTER TABLE t ADD FOREIGN KEY (k, PERIOD d) REFERENCES p (k, PERIOD d) ON UPDATE SET NULL NOT VALID", ["will-fail"], 18],
  [overlaps, "ALTER TABLE t ADD FOREIGN KEY (k, PERIOD d) REFERENCES p (k, PERIOD d) NOT VALID", [], 18],
  ["CREATE TABLE t (k int, d daterange);", "ALTER TABLE t ADD UNIQUE (k, d WITHOUT OVERLAPS)", ["will-fail"], 18],
  ["CREATE TABLE t (k int) PARTITION BY RANGE (k);", "ALTER TABLE t SET UNLOGGED", ["will-fail"], 18],
  [child, "ALTER TABLE p SET UNLOGGED", ["will-fail"]],
  ["CREATE UNLOGGED TABLE p (id int PRIMARY KEY); CREATE UNLOGGED TABLE t (a int REFERENCES p);", "ALTER TABLE t SET LOGGED", ["will-fail"]],
  [`${one} CREATE PUBLICATION pu FOR TABLE t;`, "ALTER TABLE t SET UNLOGGED", ["will-fail"]],
  ["CREATE TABLE t (a int GENERATED ALWAYS AS (1) STORED);", "ALTER TABLE t ALTER a SET DEFAULT 3", ["will-fail"]],
  ["CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);", "ALTER TABLE t ALTER a SET DEFAULT 3", ["will-fail"]],
  ["CREATE TABLE t (a int DEFAULT 3 NOT NULL);", "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY", ["will-fail"]],
  ["CREATE TABLE t (a text NOT NULL);", "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY", ["will-fail"]],
  ["CREATE TABLE t (a bigint NOT NULL);", "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY", []],
  [one, "ALTER TABLE t ALTER a DROP IDENTITY", ["will-fail"]],
  [one, "ALTER TABLE t ALTER a DROP IDENTITY IF EXISTS", []],
  [one, "ALTER TABLE t ALTER a DROP EXPRESSION", ["will-fail"]],
  [one, "ALTER TABLE t ALTER a DROP EXPRESSION IF EXISTS", []],
  [one, "ALTER TABLE t ALTER a SET EXPRESSION AS (1)", ["will-fail"], 17],
  // What is a change of the catalog alone.
  [one, "ALTER TABLE t ALTER a SET STATISTICS 500", []],
  [one, "ALTER TABLE t ALTER a SET (n_distinct = 5)", []],
  ["CREATE TABLE t (a text);", "ALTER TABLE t ALTER a SET STORAGE EXTERNAL", []],
  ["CREATE TABLE t (a text);", "ALTER TABLE t ALTER a SET COMPRESSION pglz", [], 14],
  [one, "ALTER TABLE t SET (fillfactor = 50)", []],
  [one, "ALTER TABLE t ENABLE ROW LEVEL SECURITY", []],
  [one, "ALTER TABLE t REPLICA IDENTITY FULL", []],
  ["CREATE TABLE t (a int DEFAULT 1);", "ALTER TABLE t ALTER a DROP DEFAULT", []],
];
