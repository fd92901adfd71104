/** Schemas that chance makes, with the same few names, so that two of them have much in common. */
import type { Chance } from "../../support/random.ts";

/** Takes all of one away. A schema that is dropped and made anew would make the server plan everything again. */
export const emptiedPostgres = `RESET ALL; DROP PUBLICATION IF EXISTS news; DROP SCHEMA IF EXISTS aux CASCADE; DO $$ DECLARE drop_sql text; BEGIN
  FOREACH drop_sql IN ARRAY ARRAY(
    SELECT format('DROP %s IF EXISTS public.%I CASCADE', word, relname) FROM pg_class JOIN
      (VALUES ('r', 'TABLE'), ('p', 'TABLE'), ('v', 'VIEW'), ('m', 'MATERIALIZED VIEW'), ('c', 'TYPE')) words (kind, word)
      ON kind = relkind::text WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('DROP SEQUENCE IF EXISTS public.%I CASCADE', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    UNION ALL SELECT format('DROP TYPE IF EXISTS public.%I CASCADE', typname) FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
    UNION ALL SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace)
  LOOP EXECUTE drop_sql; END LOOP; END $$`;

/**
 * Statements that make one; some of them fail, because what they name is not there. `more` are drawn from another
 * chance, so that what a seed made before is made by it still.
 */
export function randomPostgresSchema(chance: Chance, more: Chance): readonly string[] {
  return [...plainSchema(chance), ...rareParts(more)];
}

function plainSchema(chance: Chance): readonly string[] {
  const { one } = chance;
  const often = (sql: string) => (chance.below(3) === 0 ? [] : [sql]);
  const rarely = (sql: string) => (chance.below(3) === 0 ? [sql] : []);
  const values = ["sad", "ok", "glad", "mad"].filter(() => chance.below(3) > 0);
  const tables = ["users", "posts", "tags"].filter(() => chance.below(5) > 0);
  return [
    ...rarely("CREATE SCHEMA aux"),
    ...often(`CREATE TYPE mood AS ENUM (${values.map((value) => `'${value}'`).join(", ")})`),
    ...rarely(
      `CREATE DOMAIN email AS ${one(["text", "varchar(50)"])}${one(["", " DEFAULT 'a@b'"])}${one(["", " NOT NULL"])}${one(["", " CHECK (VALUE LIKE '%@%')", " CONSTRAINT short CHECK (length(VALUE) < 99)"])}`,
    ),
    ...rarely(`CREATE TYPE pair AS (a ${one(["int", "text"])}, b text)`),
    ...rarely(
      `CREATE SEQUENCE counter${one(["", " AS integer", " INCREMENT BY 5", " START WITH 7 CACHE 3 CYCLE"])}`,
    ),
    ...often(
      `CREATE FUNCTION twice(n int) RETURNS ${one(["int", "int", "bigint"])} LANGUAGE sql IMMUTABLE AS '${one(["select n * 2", "select n + n"])}'`,
    ),
    ...rarely(
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin ${one(["", "perform 1; "])}return new; end'`,
    ),
    ...tables.flatMap((table) => tableOf(table, chance)),
    ...rarely(`CREATE TABLE aux.notes (id int ${one(["", "PRIMARY KEY"])}, body text)`),
    ...logs(chance),
    ...rarely(`ALTER SEQUENCE counter OWNED BY ${one(["users.a", "posts.id", "posts.b"])}`),
    ...rarely(
      `ALTER TABLE posts ADD CONSTRAINT posts_fk FOREIGN KEY (${one(["a", "id"])}) REFERENCES ${one(["users", "tags"])}${one(["", " ON DELETE CASCADE", " ON DELETE SET NULL DEFERRABLE", " NOT VALID"])}`,
    ),
    ...often(
      `CREATE VIEW seen AS SELECT ${one(["*", "id", "id, a", "id, b"])} FROM ${one(["posts", "users"])}`,
    ),
    ...rarely(`CREATE VIEW above AS SELECT id FROM ${one(["seen", "tags"])} WHERE id > 0`),
    ...rarely(
      `CREATE MATERIALIZED VIEW kept AS SELECT ${one(["id", "id, b"])} FROM ${one(["seen", "posts"])}${one(["", " WITH NO DATA"])}`,
    ),
    ...rarely(`CREATE INDEX kept_id ON kept (id)`),
    ...rarely(
      `CREATE TRIGGER touched BEFORE ${one(["INSERT", "UPDATE", "UPDATE OF a"])} ON posts FOR EACH ROW EXECUTE FUNCTION touch()`,
    ),
    ...rarely("ALTER TABLE posts DISABLE TRIGGER touched"),
    ...rarely("ALTER TABLE users ENABLE ROW LEVEL SECURITY"),
    ...rarely(
      `CREATE POLICY mine ON users ${one(["", "FOR SELECT "])}USING (${one(["true", "a > 1", "id > 1"])})`,
    ),
    ...rarely(
      `CREATE STATISTICS both_of (${one(["dependencies", "ndistinct"])}) ON a, b FROM posts`,
    ),
    ...rarely("CREATE RULE quiet AS ON DELETE TO tags DO INSTEAD NOTHING"),
    ...rarely(
      `CREATE FUNCTION total() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT ${one(["count(*)", "max(id)"])} FROM posts; END`,
    ),
    ...[
      "TABLE posts",
      "VIEW seen",
      "COLUMN users.a",
      "TYPE mood",
      "SEQUENCE counter",
      "INDEX posts_i",
      "FUNCTION twice(int)",
    ].flatMap((label) => rarely(`COMMENT ON ${label} IS '${one(["first", "it''s"])}'`)),
  ];
}

function tableOf(table: string, chance: Chance): readonly string[] {
  const { one } = chance;
  const rarely = (sql: string) => (chance.below(4) === 0 ? [sql] : []);
  const columns = ["a", "b", "c", "d"]
    .filter(() => chance.below(4) > 0)
    .map((name) => `${name} ${column(chance)}`);
  const id = one([
    "id int",
    "id bigint",
    "id serial",
    "id bigserial",
    "id int GENERATED ALWAYS AS IDENTITY",
    "id bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 5)",
  ]);
  const key = one([
    " PRIMARY KEY",
    " PRIMARY KEY",
    " CONSTRAINT own_key_of_it PRIMARY KEY".replace("it", table),
    "",
    " NOT NULL",
  ]);
  return [
    `CREATE ${table === "tags" ? one(["", "UNLOGGED "]) : ""}TABLE ${table} (${[id + key, ...columns].join(", ")})${one(["", "", " WITH (fillfactor=70)"])}`,
    ...rarely(
      `ALTER TABLE ${table} ADD ${one(["g bigint", "g int"])} GENERATED ALWAYS AS (${one(["id * 2", "id + 1", "twice(id)"])}) STORED`,
    ),
    ...rarely(
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_check CHECK (${one(["id > 0", "a IS NOT NULL", "twice(id) > 1"])})${one(["", " NOT VALID"])}`,
    ),
    ...rarely(
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_once UNIQUE (${one(["a", "b", "a, b", "id"])})${one(["", " DEFERRABLE INITIALLY DEFERRED"])}`,
    ),
    ...rarely(
      `CREATE ${one(["", "UNIQUE "])}INDEX ${table}_i ON ${table} (${one(["a", "b DESC NULLS LAST", "lower(b::text)", "twice(id)", "a, b"])})${one(["", " INCLUDE (id)"])}${one(["", " WITH (fillfactor=50)"])}${one(["", " WHERE id > 5", " WHERE a IS NOT NULL"])}`,
    ),
    ...rarely(`CREATE INDEX ${table}_h ON ${table} USING ${one(["hash", "brin"])} (id)`),
    ...rarely(`ALTER TABLE ${table} ALTER b SET STORAGE ${one(["external", "main"])}`),
    ...rarely(`ALTER TABLE ${table} ALTER id SET STATISTICS ${one(["50", "100"])}`),
    ...rarely(`ALTER TABLE ${table} REPLICA IDENTITY ${one(["FULL", "NOTHING"])}`),
    ...rarely(`ALTER TABLE ${table} CLUSTER ON ${table}_i`),
  ];
}

const types = [
  "int",
  "bigint",
  "text",
  "varchar(20)",
  "varchar(40)",
  "numeric(10,2)",
  "timestamptz",
  "jsonb",
  "mood",
  "mood[]",
  "email",
  'text COLLATE "C"',
  "boolean",
];

function column(chance: Chance): string {
  const { one } = chance;
  const type = one(types);
  const defaults: { readonly [type: string]: readonly string[] } = {
    int: ["1", "2", "-3", "twice(4)", "nextval('counter')"],
    bigint: ["7", "twice(3)"],
    text: ["'none'", "'it''s'", "current_user"],
    mood: ["'ok'", "'sad'"],
    timestamptz: ["now()", "clock_timestamp()"],
    jsonb: ["'{}'"],
    boolean: ["true", "false"],
  };
  const given = chance.below(2) === 0 ? defaults[type] : undefined;
  return [
    type,
    given === undefined ? "" : `DEFAULT ${one(given)}`,
    one(["", "", "NOT NULL", "CONSTRAINT needed NOT NULL"]),
  ].join(" ");
}

function logs(chance: Chance): readonly string[] {
  const { one } = chance;
  if (chance.below(3) > 0) return [];
  return [
    `CREATE TABLE logs (at int${one(["", " NOT NULL"])}, body ${one(["text", "varchar(9)"])}) PARTITION BY RANGE (at)`,
    ...["one", "two"].flatMap((name, i) =>
      chance.below(3) === 0
        ? []
        : [`CREATE TABLE logs_${name} PARTITION OF logs FOR VALUES FROM (${i}0) TO (${i + 1}0)`],
    ),
    ...(chance.below(2) === 0 ? [`CREATE INDEX logs_at ON logs (${one(["at", "body"])})`] : []),
    ...(chance.below(3) === 0 ? ["ALTER TABLE logs ADD PRIMARY KEY (at)"] : []),
  ];
}

/** What comes on top: parts of tables that few schemas have. */
function rareParts({ below, one }: Chance): readonly string[] {
  const table = () => one(["users", "posts", "tags"]);
  const parts: readonly (() => string)[] = [
    () =>
      `ALTER TABLE logs ADD extra ${one(["int", "text", "text DEFAULT 'none'"])}${one(["", " NOT NULL"])}`,
    () => `CREATE TABLE logs_deep PARTITION OF logs FOR VALUES FROM (20) TO (30) PARTITION BY LIST (body);
      CREATE TABLE logs_deep_all PARTITION OF logs_deep DEFAULT`,
    () => `CREATE TABLE child (${one(["", "a int", "z int NOT NULL"])}) INHERITS (tags)`,
    () => `ALTER TABLE ${table()} ADD e uuid DEFAULT gen_random_uuid()${one(["", " NOT NULL"])}`,
    () => `ALTER TABLE ${table()} ADD e bigint DEFAULT nextval('counter')${one(["", " NOT NULL"])}`,
    () =>
      `ALTER TABLE ${table()} ALTER g ${one(["DROP EXPRESSION", "DROP EXPRESSION, ALTER g SET DEFAULT 4", "SET NOT NULL"])}`,
    () => `ALTER TABLE posts ENABLE ${one(["REPLICA", "ALWAYS"])} TRIGGER touched`,
    () =>
      `ALTER TABLE ${table()} SET (${one(["autovacuum_enabled=false", "autovacuum_vacuum_threshold=7", "parallel_workers=2"])})`,
    () => `ALTER TABLE ${table()} ALTER a SET (n_distinct=${one(["5", "-0.5"])})`,
    () => `ALTER INDEX posts_i ALTER 1 SET STATISTICS ${one(["7", "70"])}`,
    () => `ALTER STATISTICS both_of SET STATISTICS ${one(["7", "70"])}`,
    () => `CREATE STATISTICS lowered ON (lower(b::text)), id FROM posts`,
    () =>
      `CREATE POLICY theirs ON ${table()} AS ${one(["PERMISSIVE", "RESTRICTIVE"])} FOR ${one(["ALL", "UPDATE"])} TO ${one(["pg_monitor", "pg_monitor, pg_read_all_data", "PUBLIC"])} USING (true) WITH CHECK (id > 0)`,
    () => `ALTER TABLE users FORCE ROW LEVEL SECURITY`,
    () =>
      `ALTER TABLE tags ADD CONSTRAINT apart EXCLUDE USING ${one(["btree (id WITH =)", "gist (int4range(id, id + 1) WITH &&)"])}${one(["", " WHERE (id > 3)"])}`,
    () => `CREATE UNIQUE INDEX tags_u ON tags (a) NULLS NOT DISTINCT`,
    () => `ALTER TABLE tags ADD CONSTRAINT tags_once_more UNIQUE NULLS NOT DISTINCT (b)`,
    () => `ALTER TABLE posts ADD CONSTRAINT loose CHECK (id < 99) NOT ENFORCED`,
    () => `ALTER TABLE posts ADD CONSTRAINT later NOT NULL a NOT VALID`,
    () => `ALTER TABLE users ADD v int GENERATED ALWAYS AS (id + ${one(["1", "2"])}) VIRTUAL`,
    () =>
      `CREATE TYPE span AS RANGE (subtype = ${one(["int", "numeric"])}); ALTER TABLE tags ADD during span`,
    () =>
      `CREATE VIEW safe WITH (${one(["security_barrier", "security_invoker"])}) AS SELECT id FROM ${table()}`,
    () =>
      `CREATE VIEW kept_in WITH (check_option=${one(["local", "cascaded"])}) AS SELECT id FROM ${table()} WHERE id > 0`,
    () => `ALTER VIEW seen ALTER id SET DEFAULT ${one(["1", "2"])}`,
    () => `CREATE PROCEDURE tidy(n int) LANGUAGE sql AS 'select ${one(["1", "2"])}'`,
    () =>
      `CREATE AGGREGATE sum_of(int) (SFUNC = int4pl, STYPE = int${one(["", ", INITCOND = '0'"])})`,
    () =>
      `CREATE PUBLICATION news FOR TABLE ${one(["users (id)", "posts WHERE (id > 1)", "tags"])}`,
    () => `ALTER SEQUENCE counter ${one(["MAXVALUE 999", "NO CYCLE CACHE 9", "SET UNLOGGED"])}`,
    () =>
      `COMMENT ON CONSTRAINT ${one(["posts_check", "posts_fk", "posts_once"])} ON posts IS 'why'`,
    () => `COMMENT ON TRIGGER touched ON posts IS '${one(["first", "second"])}'`,
    () => `COMMENT ON DOMAIN email IS 'an address'`,
    () => `ALTER DOMAIN email ADD CONSTRAINT wide CHECK (length(VALUE) > 2) NOT VALID`,
    () => `ALTER TABLE posts REPLICA IDENTITY USING INDEX posts_i`,
    () =>
      `CREATE INDEX users_gin ON users USING gin (${one(["c jsonb_path_ops", "to_tsvector('simple', a::text)"])})`,
    () => `CREATE TABLE typed OF pair${one(["", " (a NOT NULL)", " (a WITH OPTIONS DEFAULT 3)"])}`,
    () =>
      `CREATE TRIGGER late AFTER ${one(["INSERT", "DELETE"])} ON posts REFERENCING ${one(["NEW", "OLD"])} TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION touch()`,
    () =>
      `CREATE CONSTRAINT TRIGGER sure AFTER INSERT ON tags ${one(["", "DEFERRABLE INITIALLY DEFERRED "])}FOR EACH ROW EXECUTE FUNCTION touch()`,
  ];
  return parts.flatMap((part) => (below(5) === 0 ? [part()] : []));
}
