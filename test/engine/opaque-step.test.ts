import { expect, it } from "vitest";
import { leavesNothing } from "../../src/engine/opaque-step.ts";

const cases: readonly (readonly [string, boolean])[] = [
  ["CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)", true],
  ["-- users\n-- and more\ncreate unlogged table t (a text default 'x')", true],
  ["CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", true],
  ["ALTER TABLE t ALTER COLUMN a SET NOT NULL", true],
  ["DROP TABLE t", true],
  ["COMMENT ON TABLE t IS 'x'", true],
  ["CREATE TEMP TABLE t ()", false],
  ["CREATE TABLE t AS SELECT set_config('a.b', '1', false)", false],
  ["CREATE TABLE t SELECT @a := 1", false],
  ["CREATE TABLE t (a int DEFAULT set_config('a.b', '1', false)::int)", false],
  ["ALTER TABLE t ADD COLUMN a boolean DEFAULT pg_try_advisory_lock(1)", false],
  ["ALTER TABLE t ADD COLUMN a int; SET ROLE other", false],
  ["/*!50000 SET @a = 1 */", false],
  ["CREATE TABLE t (a int) /*!50000 SELECT 1 */", false],
  ["INSERT INTO t VALUES (1)", false],
  ["SELECT 1", false],
  ["SET search_path = a", false],
  ["DO $$ BEGIN END $$", false],
  ["CREATE MATERIALIZED VIEW v AS SELECT 1", false],
  ["LISTEN a", false],
];

it.each(cases)("%s: leaves nothing behind: %s", (sql, expected) => {
  expect(leavesNothing(sql)).toBe(expected);
});
