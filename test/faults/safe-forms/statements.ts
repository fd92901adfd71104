/** Statements that have a safe form, written at random over the clauses that PostgreSQL 13 to 18 has. */
import type { Chance } from "../../support/random.ts";

/** What the statements of a kind are about. */
export function schemaOf(kind: string, major: number): string {
  if (kind === "partitioned index" || kind === "detach") return partitions;
  if (kind === "foreign key" || kind === "new column") return `${parent(major)}\n${own}`;
  return kind === "refresh" ? `${own}\n${view}` : own;
}

const partitions = `CREATE TABLE e (id int NOT NULL, at date NOT NULL, v text) PARTITION BY RANGE (at);
CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE "e 2" PARTITION OF e FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');`;
const own = `CREATE TABLE t (a int, b text, c jsonb, "D e" int, n int NOT NULL, at date, k int4range, during daterange, "order" text);
INSERT INTO t VALUES (1, 'x', '{}', 1, 1, '2025-05-05', '[1,2)', '[2025-02-01,2025-03-01)', 'o');
CREATE INDEX t_old ON t (a DESC) WHERE a > 0;
CREATE INDEX "t Old" ON t USING hash (b);`;
const view = `CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE UNIQUE INDEX m_a ON m (a);`;

function parent(major: number): string {
  const overlaps = major >= 18 ? ", CONSTRAINT p_when UNIQUE (k, during WITHOUT OVERLAPS)" : "";
  return `CREATE TABLE p (id int PRIMARY KEY, x int NOT NULL, y int NOT NULL, k int4range, during daterange, UNIQUE (x, y)${overlaps});
INSERT INTO p (id, x, y, k, during) VALUES (1, 1, 1, '[1,2)', '[2025-01-01,2026-01-01)');`;
}

export type Writer = {
  readonly chance: Chance;
  readonly major: number;
  /** The words, one time in so many. */
  readonly maybe: (words: string | (() => string), times?: number) => string;
};

export function writerOf(chance: Chance, major: number): Writer {
  return {
    chance,
    major,
    maybe: (words, times = 3) =>
      chance.below(times) > 0 ? "" : ` ${typeof words === "string" ? words : words()}`,
  };
}

type Kind = (writer: Writer) => string;

/** Each kind of statement. */
export const kinds: { readonly [kind: string]: Kind } = {
  index: (w) => index(w, "t"),
  "partitioned index": (w) => index(w, "e"),
  check: (w) => alter(w, check(w)),
  "foreign key": (w) => alter(w, foreignKey(w)),
  unique: (w) => alter(w, `ADD${named(w)} ${unique(w)}`),
  "primary key": (w) => alter(w, `ADD${named(w)} ${primaryKey(w)}`),
  "not null": (w) => alter(w, notNull(w)),
  "new column": (w) => alter(w, newColumn(w)),
  "drop index": ({ chance, maybe }) =>
    `DROP INDEX${maybe("IF EXISTS")} ${chance.one(["t_old", '"t Old"', 't_old, "t Old"'])}${maybe("RESTRICT")}`,
  reindex: ({ chance, maybe }) =>
    `REINDEX${maybe("(VERBOSE)")} ${chance.one(["INDEX t_old", "TABLE t", 'INDEX "t Old"'])}`,
  detach: ({ chance }) => `ALTER TABLE e DETACH PARTITION ${chance.one(["e1", '"e 2"'])}`,
  refresh: ({ maybe }) => `REFRESH MATERIALIZED VIEW m${maybe("WITH DATA")}`,
};

function index(w: Writer, table: string): string {
  const { chance, maybe, major } = w;
  const isUnique = chance.below(3) === 0;
  const method = isUnique ? maybe("USING btree") : maybe("USING btree");
  const other = chance.below(5);
  const only = table === "t" ? maybe("ONLY", 6) : "";
  const head = `CREATE ${isUnique ? "UNIQUE " : ""}INDEX`;
  const name = ` ${chance.one(["i", '"I x"', "t_a_idx"])}`;
  const guarded = chance.below(4) === 0 ? ` IF NOT EXISTS${name}` : maybe(name.trim(), 2);
  if (table === "t" && !isUnique && other === 0)
    return `${head}${guarded} ON${only} t USING ${chance.one(["gin (c)", "gin (c jsonb_path_ops)", "gin (c jsonb_ops) WITH (fastupdate = off)", "gist (k)", "gist (k, during) INCLUDE (a)", "brin (at) WITH (pages_per_range = 4)", "brin (at date_minmax_multi_ops (values_per_range = 16))", "hash (b)", "spgist (k)"])}${maybe("WHERE a IS NOT NULL")}`;
  const of = table === "t" ? elements : partElements;
  const columns = Array.from({ length: 1 + chance.below(3) }, () => element(w, of));
  if (isUnique && table === "e") columns.push("at");
  return [
    `${head}${guarded} ON${only} ${table}${method} (${columns.join(", ")})`,
    maybe(`INCLUDE (${chance.one(table === "t" ? ["n", 'n, "D e"'] : ["v"])})`, 4),
    isUnique && major >= 15 ? maybe(chance.one(["NULLS NOT DISTINCT", "NULLS DISTINCT"])) : "",
    maybe(
      `WITH (${chance.one(["fillfactor = 70", "fillfactor=90, deduplicate_items = off", "deduplicate_items"])})`,
      4,
    ),
    maybe("TABLESPACE pg_default", 8),
    maybe(
      () =>
        `WHERE ${chance.one(table === "t" ? wheres : ["id > 0", "v IS NOT NULL -- why\n AND id < 9"])}`,
    ),
  ].join("");
}

const elements = [
  ["a", "int4_ops"],
  ["b", "text_pattern_ops"],
  ['"D e"', "int4_ops"],
  ["at", "date_ops"],
  ['"order"', "text_pattern_ops"],
  ["lower(b)", "text_pattern_ops"],
  ["(a + n)", "int4_ops"],
  ["(b || '; DROP')", "text_ops"],
  ["(c ->> 'x')", "text_ops"],
  ["((c -> 'k'))", "jsonb_ops"],
  ["coalesce(a, (1), n)", "int4_ops"],
] as const;
const partElements = [
  ["id", "int4_ops"],
  ["v", "text_pattern_ops"],
  ["lower(v)", "text_ops"],
  ["(id * 2)", "int4_ops"],
] as const;
const wheres = [
  "a > 0",
  "b IS NOT NULL /* ; */ AND a < 10",
  "\"order\" = 'it''s'",
  "(a, n) > (1, 2)",
  "b LIKE 'x%' OR c ? 'y'",
  "at >= DATE '2025-01-01'",
];

function element(
  { chance, maybe }: Writer,
  of: readonly (readonly [column: string, operators: string])[],
): string {
  const [column, operators] = chance.one(of);
  const isText = /^(b|"order"|lower|v|\(b|\(c ->>)/.test(column);
  const collation = isText
    ? maybe(chance.one(['COLLATE "C"', 'COLLATE pg_catalog."POSIX"']), 4)
    : "";
  return `${column}${collation}${maybe(operators, 4)}${maybe(chance.one(["ASC", "DESC"]))}${maybe(chance.one(["NULLS FIRST", "NULLS LAST"]))}`;
}

function alter(w: Writer, command: string): string {
  const { chance, maybe } = w;
  const more = chance.below(5) === 0 ? ", ADD COLUMN z int DEFAULT 3" : "";
  const star = maybe("*", 12);
  const only = star === "" ? maybe("ONLY", 8) : "";
  return `ALTER TABLE${maybe("IF EXISTS", 8)}${only} t${star}${maybe("/* a, b */", 9)} ${command}${more}${maybe("-- the end", 9)}`;
}

function named({ chance, maybe }: Writer): string {
  return maybe(`CONSTRAINT ${chance.one(["k", '"K x"', "t_pkey", "t_a_check"])}`, 2);
}

function check(w: Writer): string {
  const { chance, maybe } = w;
  const expression = chance.one([
    "a > 0",
    "a > 0 AND (n < 10 OR b <> ')')",
    "b IS NOT NULL",
    "a + n > 0",
    '"D e" BETWEEN 0 AND 9',
    "b ~ $re$^x$re$",
    "c IS JSON OR true".replace("c IS JSON OR ", w.major >= 16 ? "c IS JSON OR " : ""),
    "true",
    "t.a > 0",
    "(t).a IS NOT NULL",
    "t IS NOT NULL OR true",
  ]);
  return `ADD${named(w)} CHECK (${expression})${maybe("NO INHERIT")}`;
}

function foreignKey(w: Writer): string {
  const { chance, maybe, major } = w;
  const timing = maybe(() => deferrable(w));
  if (major >= 18 && chance.below(5) === 0)
    return `ADD${named(w)} FOREIGN KEY (k, PERIOD during) REFERENCES p (k, PERIOD during)${maybe("ON DELETE NO ACTION")}${timing}`;
  const isPair = chance.below(3) === 0;
  const keys = isPair ? "(a, n) REFERENCES p (x, y)" : "(a) REFERENCES p";
  const referred = isPair ? "" : maybe("(id)", 2);
  const set =
    major >= 15 && isPair ? ["SET NULL (a)", "SET DEFAULT (a)", "SET NULL (a, n)"] : ["SET NULL"];
  const actions = ["CASCADE", "RESTRICT", "NO ACTION", "SET DEFAULT", ...set];
  return [
    `ADD${named(w)} FOREIGN KEY ${keys}${referred}`,
    maybe(chance.one(["MATCH FULL", "MATCH SIMPLE"])),
    maybe(`ON DELETE ${chance.one(actions)}`),
    maybe(`ON UPDATE ${chance.one(["CASCADE", "RESTRICT", "SET NULL"])}`),
    timing,
    major >= 18 ? maybe("ENFORCED", 6) : "",
  ].join("");
}

function deferrable({ chance }: Writer): string {
  return chance.one([
    "DEFERRABLE",
    "DEFERRABLE INITIALLY DEFERRED",
    "INITIALLY DEFERRED",
    "NOT DEFERRABLE",
    "INITIALLY IMMEDIATE DEFERRABLE",
  ]);
}

function keySettings(w: Writer): string {
  const { maybe } = w;
  return [
    maybe("INCLUDE (b)"),
    maybe("WITH (fillfactor = 60)", 4),
    maybe("USING INDEX TABLESPACE pg_default", 6),
    maybe(() => deferrable(w)),
  ].join("");
}

function unique(w: Writer): string {
  const { chance, maybe, major } = w;
  if (major >= 18 && chance.below(6) === 0) return "UNIQUE (k, during WITHOUT OVERLAPS)";
  const nulls = major >= 15 ? maybe(chance.one(["NULLS NOT DISTINCT", "NULLS DISTINCT"])) : "";
  return `UNIQUE${nulls} (${chance.one(["a", "a, n", '"D e", at', '"order"'])})${keySettings(w)}`;
}

function primaryKey(w: Writer): string {
  const { chance, major } = w;
  if (major >= 18 && chance.below(8) === 0) return "PRIMARY KEY (k, during WITHOUT OVERLAPS)";
  return `PRIMARY KEY (${chance.one(["a", "n", "a, n", '"D e", at'])})${keySettings(w)}`;
}

function notNull(w: Writer): string {
  const { chance, maybe, major } = w;
  const column = chance.one(["a", "b", '"D e"', '"order"']);
  if (major >= 18 && chance.below(2) === 0)
    return `ADD${named(w)} NOT NULL ${column}${maybe("NO INHERIT")}`;
  return `ALTER${maybe("COLUMN", 2)} ${column} SET NOT NULL`;
}

function newColumn(w: Writer): string {
  const { chance, maybe, major } = w;
  const constraint = chance.one([
    () => `CHECK (w > 0)${maybe("NO INHERIT")}`,
    () => "CHECK (w > a)",
    () => `REFERENCES p${maybe("(id)")}${maybe("ON DELETE CASCADE")}${maybe(() => deferrable(w))}`,
    () =>
      `UNIQUE${major >= 15 ? maybe("NULLS NOT DISTINCT") : ""}${maybe("WITH (fillfactor = 60)")}${maybe(() => deferrable(w))}`,
  ])();
  const name = maybe('CONSTRAINT "Kö"');
  return `ADD${maybe("COLUMN", 2)} w int${maybe("DEFAULT 1", 2)}${name} ${constraint}${maybe("DEFAULT 1 -- (é", 9)}${maybe("CHECK (w < 9)", 6)}`;
}
