/** The safe form of a finding is the statement that was written, with only what makes it safe. */
import { expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";

const parser = await neededParser("the test");
const schema = `CREATE TABLE p (id int PRIMARY KEY, k int4range, during daterange, CONSTRAINT w UNIQUE (k, during WITHOUT OVERLAPS));
CREATE TABLE t (a int, b jsonb, c text, d int NOT NULL, k int4range, during daterange, deleted_at date);
CREATE INDEX ia ON t (a); CREATE INDEX ib ON t (c);
CREATE TABLE "a$$b" (c int);
CREATE TABLE e (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE UNIQUE INDEX m_a ON m (a);`;
const alone = "  -- outside a transaction";
const later = "  -- in another transaction";

type Case = readonly [
  sql: string,
  safe: readonly string[] | undefined,
  dsl?: string | undefined,
  major?: number | undefined,
];

const cases: readonly Case[] = [
  [
    "CREATE UNIQUE INDEX i ON t (a) WHERE deleted_at IS NULL",
    [`CREATE UNIQUE INDEX CONCURRENTLY i ON t (a) WHERE deleted_at IS NULL;${alone}`],
    'm.createIndexConcurrently("t", ["a"], { name: "i", unique: true, where: "deleted_at IS NULL" });',
  ],
  [
    "CREATE INDEX i ON t USING gin (b jsonb_path_ops) -- the paths",
    [`CREATE INDEX CONCURRENTLY i ON t USING gin (b jsonb_path_ops);${alone}`],
    'm.createIndexConcurrently("t", [{ column: "b", operatorClass: "jsonb_path_ops" }], { name: "i", using: "gin" });',
  ],
  [
    'CREATE INDEX i ON t (c COLLATE "C" text_pattern_ops DESC NULLS LAST)',
    [`CREATE INDEX CONCURRENTLY i ON t (c COLLATE "C" text_pattern_ops DESC NULLS LAST);${alone}`],
    'm.createIndexConcurrently("t", [{ column: "c", collation: "C", operatorClass: "text_pattern_ops", order: "desc", nulls: "last" }], { name: "i" });',
  ],
  [
    "CREATE INDEX IF NOT EXISTS i ON ONLY t (lower(c), (a || ',')) INCLUDE (d) WITH (fillfactor = 70) TABLESPACE x",
    [
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t (lower(c), (a || ',')) INCLUDE (d) WITH (fillfactor = 70) TABLESPACE x;${alone}`,
    ],
  ],
  [
    "CREATE UNIQUE INDEX ON t (a) INCLUDE (d) NULLS NOT DISTINCT",
    [`CREATE UNIQUE INDEX CONCURRENTLY ON t (a) INCLUDE (d) NULLS NOT DISTINCT;${alone}`],
  ],
  [
    "CREATE INDEX ON e (id DESC) WHERE id > 4",
    [
      "CREATE INDEX e_id_idx ON ONLY e (id DESC) WHERE id > 4;",
      `CREATE INDEX CONCURRENTLY e1_id_idx ON e1 (id DESC) WHERE id > 4;${alone}`,
      "ALTER INDEX e_id_idx ATTACH PARTITION e1_id_idx;",
    ],
  ],
  [
    'ALTER TABLE "a$$b" ADD CHECK (c > 0)',
    [
      'ALTER TABLE "a$$b" ADD CONSTRAINT "a$$b_c_check" CHECK (c > 0) NOT VALID;',
      `ALTER TABLE "a$$b" VALIDATE CONSTRAINT "a$$b_c_check";${later}`,
    ],
  ],
  [
    "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p MATCH FULL ON DELETE SET NULL (a) DEFERRABLE",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES p MATCH FULL ON DELETE SET NULL (a) DEFERRABLE NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_fkey;${later}`,
    ],
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL (a) ON UPDATE CASCADE INITIALLY DEFERRED",
    [
      "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL (a) ON UPDATE CASCADE INITIALLY DEFERRED NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT f;${later}`,
    ],
    'm.addForeignKey("t", { columns: ["a"], table: "p", name: "f", onDelete: { setNull: ["a"] }, onUpdate: "cascade", deferrable: "initially deferred" });',
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (k, PERIOD during) REFERENCES p (k, PERIOD during)",
    [
      "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (k, PERIOD during) REFERENCES p (k, PERIOD during) NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT f;${later}`,
    ],
  ],
  [
    'ALTER TABLE t ADD CONSTRAINT "Odd" UNIQUE NULLS NOT DISTINCT (a, c) INCLUDE (d) WITH (fillfactor=70) DEFERRABLE INITIALLY DEFERRED',
    [
      `CREATE UNIQUE INDEX CONCURRENTLY "Odd" ON t (a, c) INCLUDE (d) NULLS NOT DISTINCT WITH (fillfactor=70);${alone}`,
      'ALTER TABLE t ADD CONSTRAINT "Odd" UNIQUE USING INDEX "Odd" DEFERRABLE INITIALLY DEFERRED;',
    ],
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE",
    [
      `CREATE UNIQUE INDEX CONCURRENTLY u ON t (a) NULLS NOT DISTINCT;${alone}`,
      "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u DEFERRABLE;",
    ],
    'm.addUniqueConstraint("t", ["a"], { name: "u", nullsDistinct: false, deferrable: "initially immediate" });',
  ],
  ["ALTER TABLE t ADD UNIQUE (k, during WITHOUT OVERLAPS)", undefined],
  ["ALTER TABLE e ADD UNIQUE (id, at)", undefined],
  [
    "ALTER TABLE t ADD PRIMARY KEY (d) INCLUDE (c)",
    [
      `CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t (d) INCLUDE (c);${alone}`,
      "ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;",
    ],
  ],
  [
    "ALTER TABLE t ADD PRIMARY KEY (a)",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;${later}`,
      `CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t (a);${alone}`,
      "ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;",
    ],
  ],
  [
    "ALTER TABLE t ADD CHECK (a > 0) NO INHERIT",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 0) NO INHERIT NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_check;${later}`,
    ],
  ],
  [
    "ALTER TABLE t ADD NOT NULL a NO INHERIT",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NO INHERIT NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;${later}`,
    ],
  ],
  [
    "ALTER TABLE t ALTER a SET NOT NULL",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;${later}`,
    ],
    'm.setNotNullSafely("t", "a");',
  ],
  [
    "ALTER TABLE t ALTER a SET NOT NULL",
    [
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL) NOT VALID;",
      `ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null;${later}`,
      "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
      "ALTER TABLE t DROP CONSTRAINT t_a_not_null;",
    ],
    'm.setNotNullSafely("t", "a");',
    17,
  ],
  [
    "ALTER TABLE ONLY t ADD COLUMN x int DEFAULT 1 CONSTRAINT k CHECK (x > 0), ADD COLUMN y int",
    [
      "ALTER TABLE ONLY t ADD COLUMN x int DEFAULT 1, ADD COLUMN y int;",
      "ALTER TABLE ONLY t ADD CONSTRAINT k CHECK (x > 0) NOT VALID;",
      `ALTER TABLE ONLY t VALIDATE CONSTRAINT k;${later}`,
    ],
  ],
  [
    "DROP INDEX IF EXISTS ia, public.ib",
    [
      `DROP INDEX CONCURRENTLY IF EXISTS ia;${alone}`,
      `DROP INDEX CONCURRENTLY IF EXISTS public.ib;${alone}`,
    ],
  ],
  ["DROP INDEX ia CASCADE", undefined],
  ["REINDEX (VERBOSE) TABLE t", [`REINDEX (VERBOSE) TABLE CONCURRENTLY t;${alone}`]],
  [
    "ALTER TABLE e DETACH PARTITION e1",
    [`ALTER TABLE e DETACH PARTITION e1 CONCURRENTLY;${alone}; e1 keeps its bound as a CHECK`],
  ],
  ["REFRESH MATERIALIZED VIEW m", [`REFRESH MATERIALIZED VIEW CONCURRENTLY m;${alone}`]],
  ["REFRESH MATERIALIZED VIEW m WITH NO DATA", undefined],
  ["DO $$ BEGIN CREATE INDEX i ON t (a); END $$", undefined],
];

it.each(cases.map((one) => [one[0], one] as const))("%s", (_, [sql, safe, dsl, major = 18]) => {
  const script = { name: "x", statements: parser.statements(sql), inTransaction: false };
  const base = parser.statements(schema);
  const [found] = judge([script], { ...parser, base, server: { major } }).filter(
    ({ rule }) => rule !== "cascade" && rule !== "work-after-exclusive-lock",
  );
  expect(found).toBeDefined();
  expect(found?.safe?.sql).toEqual(safe);
  if (sql.startsWith("ALTER TABLE t") || sql.startsWith("CREATE"))
    if (!/CHECK/.test(sql)) expect(found?.safe?.dsl).toEqual(dsl === undefined ? dsl : [dsl]);
});
