import type { Chapter } from "./operation-case.ts";
import { posts } from "./setups.ts";

export const code: Chapter = {
  title: "SQL and code",
  file: "code.ts",
  cases: [
    {
      name: "SQL and the SQL that undoes it",
      note: 'Slipway splits several statements and sends them one by one. Write `down: ""` if there is nothing to undo.',
      ownSql: true,
      setup: posts,
      change(m) {
        m.execute("CREATE VIEW titles AS SELECT title FROM posts", { down: "DROP VIEW titles" });
      },
    },
    {
      name: "SQL with parameters",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("settings", (t) => t.column("key", "string"));
        m.execute("INSERT INTO settings (key) VALUES ($1)", { parameters: ["theme"], down: "" });
      },
    },
    {
      name: "A function and a trigger",
      on: ["postgres"],
      ownSql: true,
      setup: posts,
      change(m) {
        m.execute(
          `CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN NEW.title = upper(NEW.title); RETURN NEW; END $$;
          CREATE TRIGGER posts_shout BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION shout()`,
          { down: "DROP TRIGGER posts_shout ON posts; DROP FUNCTION shout()" },
        );
      },
    },
    {
      name: "A trigger of SQLite",
      on: ["sqlite"],
      ownSql: true,
      setup: posts,
      change(m) {
        m.execute(
          "CREATE TRIGGER posts_gone AFTER DELETE ON posts BEGIN DELETE FROM posts; SELECT 1; END",
          { down: "DROP TRIGGER posts_gone" },
        );
      },
    },
    {
      name: "SQL from files",
      note: "Paths are relative to the migration's folder.",
      ownSql: true,
      setup: posts,
      files: {
        "titles.up.sql": "-- Titles only.\nCREATE VIEW titles AS SELECT title FROM posts;\n",
        "titles.down.sql": "DROP VIEW titles;\n",
      },
      change(m) {
        m.executeFile("titles.up.sql", { down: "titles.down.sql" });
      },
    },
    {
      name: "Run code",
      note: "The code runs on the migration's connection, inside its transaction. The log shows `label`.",
      ownSql: true,
      setup: posts,
      change(m) {
        m.run(
          async (db) => {
            const rows = await db.query("SELECT title FROM posts");
            await db.execute(`CREATE TABLE titles_${rows.length} (title varchar(99))`);
          },
          { label: "copy titles", down: (db) => db.execute("DROP TABLE titles_0") },
        );
      },
    },
  ],
};
