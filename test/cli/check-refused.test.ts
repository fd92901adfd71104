/** `check` tries statements on a shadow, and tells what its server refuses in its own words. */
import { afterEach, describe, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const schema = `CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL, pages int);
ALTER TABLE books OWNER TO librarian;
CREATE SEQUENCE numbers;
CREATE FUNCTION known(t text) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM books WHERE title = t) $$;
CREATE FUNCTION filled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT title INTO NEW.title FROM books; RETURN NEW; END $$;
CREATE TABLE notes (title text CHECK (known(title)));
CREATE TABLE marks (title text NOT NULL);
CREATE TRIGGER fills BEFORE INSERT ON marks FOR EACH ROW EXECUTE FUNCTION filled();
CREATE TABLE shelves (number int CHECK (number > 0), place text NOT NULL);
CREATE TABLE loans (no int DEFAULT nextval('numbers'), book_id int REFERENCES books);
`;

const releaseText = `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
export const Release = defineRelease({
  app: "shop",
  repos: { main: { adapter: postgres({ url: "postgres://nobody@localhost:1/none" }) } },
});
`;

const messages = (stdout: string): readonly string[] =>
  JSON.parse(stdout).findings.map(
    ({ rule, file, line, message }: { [key: string]: unknown }) =>
      `${file}:${line} ${rule}: ${message}`,
  );

describe("check on a shadow", () => {
  it("tells of files with --schema what its server says, and nothing with --untried", async () => {
    project = makeProject({
      "base.sql": schema,
      "a.sql": "ALTER TABLE books ADD COLUMN shelf text;\nUPDATE books SET titel = 'x';\n",
      "b.sql": "DROP SEQUENCE numbers;\n",
    });
    const check = (...args: readonly string[]) =>
      project.run(["check", ...args, "--schema", "base.sql", "--json"]);
    const { code, stdout } = await check("a.sql");
    expect([code, messages(stdout)]).toEqual([
      4,
      [
        'a.sql:2 will-fail: it is certain to fail: PostgreSQL 18 says: column "titel" of relation "books" does not exist',
      ],
    ]);
    expect(messages((await check("b.sql")).stdout)).toEqual([
      "b.sql:1 will-fail: it is certain to fail: PostgreSQL 18 says: cannot drop sequence numbers because other objects depend on it",
    ]);
    expect((await check("b.sql", "--untried")).code).toBe(0);
  });

  it("tells of rows that are written out what no other row changes", async () => {
    project = makeProject({
      "base.sql": `${schema}DROP TABLE notes;`,
      "check.sql": "INSERT INTO shelves VALUES (1, 'a'), (abs(-1) - 1, 'b');\n",
      "null.sql": "INSERT INTO shelves VALUES (1, NULL);\n",
    });
    const check = async (file: string) =>
      messages((await project.run(["check", file, "--schema", "base.sql", "--json"])).stdout);
    expect(await check("check.sql")).toEqual([
      'check.sql:1 will-fail: it is certain to fail: PostgreSQL 18 says: new row for relation "shelves" violates check constraint "shelves_number_check"',
    ]);
    expect(await check("null.sql")).toEqual([
      'null.sql:1 will-fail: it is certain to fail: PostgreSQL 18 says: null value in column "place" of relation "shelves" violates not-null constraint',
    ]);
  });

  it("is not certain of what may come from elsewhere, nor of rows", async () => {
    const files: { readonly [name: string]: string } = {
      "function.sql": "CREATE INDEX CONCURRENTLY i ON books (nobody_knows(title));\n",
      "role.sql": "GRANT SELECT ON books TO reporting;\n",
      "extension.sql": "CREATE EXTENSION nobody_has_it;\nSELECT * FROM made_by_it;\n",
      "code.sql": "DO $$ BEGIN ALTER TABLE books ADD COLUMN x int; END $$;\n",
      "rows.sql": "INSERT INTO loans (book_id) VALUES (7);\n",
      "many.sql": "INSERT INTO loans SELECT n, n FROM generate_series(1, 1000000000) n;\n",
      "looked-up.sql": "INSERT INTO shelves VALUES (1, (SELECT title FROM books WHERE id = 1));\n",
      "called.sql": "INSERT INTO shelves VALUES (CASE WHEN known('a') THEN 1 ELSE 0 END, 'a');\n",
      "checked.sql": "INSERT INTO notes VALUES ('a');\n",
      "filled.sql": "INSERT INTO marks VALUES (NULL);\n",
      "server.sql": "CREATE DATABASE another;\n",
    };
    project = makeProject({ "base.sql": schema, ...files });
    for (const file of Object.keys(files)) {
      const args = ["check", file, "--schema", "base.sql", "--json"];
      const { stdout, stderr } = await project.run(args);
      const failing = messages(stdout).filter((line) => line.includes("will-fail"));
      expect({ file, failing, stderr }).toMatchObject({ file, failing: [] });
    }
    expect((await project.run(["check", "rows.sql", "--json"])).code).toBe(0);
  });

  it("tells of a migration what those before it do not bear, and nothing of tables that none made", async () => {
    project = makeProject({
      "release.ts": releaseText,
      "db/main/migrations/1_books.sql": schema,
      "db/main/migrations/2_seed.sql": "INSERT INTO books VALUES (1, 'x', 'many');\n",
      "db/main/migrations/3_elsewhere.sql": "ALTER TABLE of_another_tool ADD COLUMN x int;\n",
      "db/main/migrations/4_never_asked.sql": "DROP SEQUENCE numbers;\n",
    });
    const { stdout } = await project.run(["check", "--all", "--json"]);
    expect(messages(stdout)).toEqual([
      'db/main/migrations/2_seed.sql:1 will-fail: it is certain to fail: PostgreSQL 18 says: invalid input syntax for type integer: "many"',
    ]);
    const named = await project.run(["check", "3", "--json"]);
    expect(messages(named.stdout)).toEqual([]);
  });
});
