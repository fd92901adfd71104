/** What a shadow refuses is only told where every database with the same schema refuses it, whatever else it has. */
import { afterAll, describe, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { refusedOn } from "../../src/shadow/refused/refused-on.ts";
import { extensionsNamed } from "../../src/shadow/trace/extensions.ts";
import { openShadow } from "../../src/shadow/trace/shadow.ts";

const parser = await neededParser("the test");
const shadow = await openShadow({
  kind: "postgres",
  extensions: extensionsNamed("citext pg_trgm"),
});
afterAll(() => shadow.dispose());

type Asked = {
  readonly major?: number;
  readonly inTransaction?: boolean;
};

/** The words of the server for the last script, behind the others, beside which a database may have more. */
async function refused(texts: readonly string[], asked: Asked = {}): Promise<string | undefined> {
  const { major = 18, inTransaction = true } = asked;
  const scripts = texts.map((text, i) => ({
    ...{ name: `${i}`, statements: parser.statements(text), inTransaction },
  }));
  await shadow.renew();
  const session = await shadow.adapter.open({ role: "work", application: "the test" });
  const run = {
    ...{ scripts, wanted: new Set([scripts.length - 1]), unread: new Set<number>() },
    ...{ major, isComplete: false, mayMakeRoles: true },
  };
  try {
    const found = await refusedOn(session, run);
    return [...(found.values().next().value ?? new Map<number, string>()).values()][0];
  } finally {
    await session.close();
  }
}

const orgs =
  "CREATE TABLE orgs (id int PRIMARY KEY, slug text); CREATE TABLE members (org_id int NOT NULL, n text);";
const maker = `CREATE TABLE wanted (t text); CREATE TABLE orders (id int);
CREATE FUNCTION audit(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('ALTER TABLE %I ADD COLUMN audited_at date', t); END $$;`;

const works: readonly (readonly [string, readonly string[], Asked?])[] = [
  ["a parameter of code", ["CREATE TABLE t (a int);", "UPDATE t SET a = $1"]],
  ["a parameter of a query", ["CREATE TABLE t (a int);", "SELECT a FROM t LIMIT $1"]],
  ["a parameter of a copy", ["SELECT 1;", "CREATE TABLE t AS SELECT $1::int AS a"]],
  [
    "a value that is asked of rows",
    [orgs, "INSERT INTO members VALUES ((SELECT id FROM orgs WHERE slug = 'a'), 'n');"],
  ],
  [
    "a value that a trigger asks of rows",
    [
      `${orgs} CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       NEW.org_id := (SELECT id FROM orgs LIMIT 1); RETURN NEW; END $$;
       CREATE TRIGGER f BEFORE INSERT ON members FOR EACH ROW EXECUTE FUNCTION fill();`,
      "INSERT INTO members (n) VALUES ('a');",
    ],
  ],
  [
    "a check that asks rows",
    [
      `${orgs} CREATE FUNCTION ok(x text) RETURNS bool LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM orgs WHERE slug = x)';
       CREATE TABLE t (c text CHECK (ok(c)));`,
      "INSERT INTO t VALUES ('a');",
    ],
  ],
  [
    "a default that asks a setting",
    [
      "CREATE TABLE t (a int NOT NULL DEFAULT nullif(current_setting('my.a', true), '')::int, b int);",
      "INSERT INTO t (b) VALUES (1);",
    ],
  ],
  [
    "a partition that a job makes",
    [
      "CREATE TABLE events (at date) PARTITION BY RANGE (at);",
      "INSERT INTO events VALUES ('2026-01-01');",
    ],
  ],
  [
    "a row that a query reads into a view with rows",
    [
      "CREATE TABLE t (a text);",
      "CREATE MATERIALIZED VIEW v AS SELECT coalesce((SELECT max(a) FROM t), 'x')::int AS n;",
    ],
  ],
  [
    "a setting that ended with its transaction",
    [
      "CREATE SCHEMA app; SET LOCAL search_path = app; CREATE TABLE t (id int);",
      "CREATE TABLE t (id int);",
    ],
  ],
  [
    "what was rolled back",
    [
      "CREATE TABLE t (a text); BEGIN; ALTER TABLE t ADD x int; ROLLBACK;",
      "ALTER TABLE t ADD x int;",
    ],
    { inTransaction: false },
  ],
  [
    "a temporary table of an earlier connection",
    ["CREATE TEMP TABLE t (id int);", "CREATE TEMP TABLE t (id int);"],
  ],
  ["a prepared statement of one", ["PREPARE p AS SELECT 1;", "PREPARE p AS SELECT 1;"]],
  [
    "a cursor of one",
    ["DECLARE c CURSOR WITH HOLD FOR SELECT 1;", "DECLARE c CURSOR WITH HOLD FOR SELECT 1;"],
  ],
  [
    "a path that the database has from then on",
    [
      "CREATE TABLE t (id int); CREATE SCHEMA app; ALTER DATABASE shop SET search_path = app, public;",
      "CREATE TABLE t (id int);",
    ],
  ],
  [
    "a table that goes with what its owner has",
    [
      "CREATE ROLE bob; CREATE TABLE t (id int); ALTER TABLE t OWNER TO bob; DROP OWNED BY bob;",
      "CREATE TABLE t (id int);",
    ],
  ],
  [
    "a version of an extension",
    ["CREATE EXTENSION citext;", "ALTER EXTENSION citext UPDATE TO '1.99';"],
  ],
  ["another version of one", ["SELECT 1;", "CREATE EXTENSION pg_trgm VERSION '1.99';"]],
  [
    "a column of a function, by rows",
    [`${maker} SELECT audit(t) FROM wanted;`, "ALTER TABLE orders DROP COLUMN audited_at;"],
  ],
  [
    "a column of a block, by rows",
    [
      `CREATE TABLE wanted (t text, c text); CREATE TABLE orders (id int);
       DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM wanted LOOP
         EXECUTE format('ALTER TABLE %I ADD COLUMN %I int', r.t, r.c); END LOOP; END $$;`,
      "ALTER TABLE orders DROP COLUMN note;",
    ],
  ],
  [
    "a check with the name that NOT NULL has since 18",
    [
      "CREATE TABLE t (a int NOT NULL);",
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL);",
    ],
    { major: 17 },
  ],
  [
    "NOT NULL of a child, which is inherited since 18",
    [
      "CREATE TABLE p (a int NOT NULL); CREATE TABLE c () INHERITS (p);",
      "ALTER TABLE c ALTER COLUMN a DROP NOT NULL;",
    ],
    { major: 17 },
  ],
  [
    "a constraint that is looked at when the transaction ends",
    [
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED);",
      "DO $$ BEGIN INSERT INTO c VALUES (1); END $$; ALTER TABLE c ADD COLUMN z int;",
    ],
  ],
  ["sleep, which is not waited for", ["SELECT 1;", "SELECT pg_sleep(3600);"]],
  [
    "sleep in a function",
    [
      "CREATE FUNCTION rest() RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3600); END';",
      "DO $$ BEGIN PERFORM rest(); END $$;",
    ],
  ],
  ["a file of the server", ["SELECT 1;", "SELECT lo_export(lo_from_bytea(0, 'x'), '/tmp/x');"]],
  [
    "a program of the server",
    ["CREATE TABLE t (a int);", "DO $$ BEGIN COPY t TO PROGRAM 'true'; END $$;"],
  ],
];

const fails: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    "a value that is not there",
    [orgs, "INSERT INTO members (n) VALUES (lower('A'));"],
    /null value in column "org_id"/,
  ],
  [
    "a value that a check refuses",
    ["CREATE TABLE t (a int CHECK (a > 0));", "INSERT INTO t VALUES (0);"],
    /violates check constraint/,
  ],
  [
    "a column behind what a transaction made",
    [
      "CREATE TEMP TABLE x ON COMMIT DROP AS SELECT 1 AS a; CREATE TABLE y AS SELECT a FROM x;",
      "ALTER TABLE y DROP COLUMN b;",
    ],
    /column "b" of relation "y" does not exist/,
  ],
  [
    "a column behind a query with parameters",
    [
      "CREATE TABLE t (a int);",
      "SELECT a FROM t LIMIT $1; UPDATE t SET a = $1; ALTER TABLE t DROP b;",
    ],
    /column "b"/,
  ],
  [
    "a column behind a function that was called by name",
    [`${maker} SELECT audit('orders');`, "ALTER TABLE orders DROP COLUMN note;"],
    /column "note"/,
  ],
  [
    "a value of the wrong type",
    ["CREATE TABLE t (b int);", "UPDATE t SET b = 'x';"],
    /invalid input syntax/,
  ],
  ["a second table", ["CREATE TABLE t (b int);", "CREATE TABLE t (b int);"], /already exists/],
  [
    "a name that NOT NULL has",
    [
      "CREATE TABLE t (a int NOT NULL);",
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a > 0);",
    ],
    /already exists/,
  ],
];

describe("a shadow", { timeout: 60_000 }, () => {
  it.each(works.map(([what, texts, asked = {}]) => [what, texts, asked] as const))(
    "is not certain of %s",
    async (_, texts, asked) => {
      expect(await refused(texts, asked)).toBeUndefined();
    },
  );

  it.each(fails)("is certain of %s", async (_, texts, words) => {
    expect(await refused(texts)).toMatch(words);
  });
});
