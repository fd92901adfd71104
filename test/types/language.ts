/** What must not compile: a wrong option for an operation. `npm run types` checks this file; nothing runs it. */
import { defineMigration, sql } from "slipway";

defineMigration({
  change(m) {
    // @ts-expect-error: a table needs its columns
    m.createTable("posts");
    // @ts-expect-error: there is no such option
    m.createTable("posts", (t) => t.id(), { ifExists: true });
    // @ts-expect-error: options are text
    m.createTable("posts", (t) => t.id(), { options: ["STRICT"] });
    // @ts-expect-error: what a table was is a function
    m.dropTable("posts", { was: { id: "bigint" } });
    // @ts-expect-error: dropping takes no ifNotExists
    m.dropTable("posts", { ifNotExists: true });
    // @ts-expect-error: a rename needs its new name
    m.renameTable("posts", {});
    // @ts-expect-error: a rename needs its new name
    m.renameColumn("posts", "title");

    m.createTable("posts", (t) => {
      // @ts-expect-error: a column needs a type
      t.column("title");
      // @ts-expect-error: null is true or false
      t.column("title", "string", { null: "no" });
      // @ts-expect-error: the length of a string is its size
      t.column("title", "string", { length: 40 });
      // @ts-expect-error: a function is no default; sql`now()` is
      t.column("at", "utc_datetime", { default: () => "now()" });
      // @ts-expect-error: references are made by t.references
      t.column("author_id", "bigint", { references: { table: "users" } });
      // @ts-expect-error: there is no such action
      t.references("author_id", "users", { onDelete: "delete_all" });
      // @ts-expect-error: one list at a time
      t.references("a", "users", { onDelete: { setNull: ["a"], setDefault: ["b"] } });
      // @ts-expect-error: a reference is not generated
      t.references("author_id", "users", { generated: "ALWAYS AS (1) STORED" });
      // @ts-expect-error: there is no such match
      t.references("author_id", "users", { match: "half" });
      // @ts-expect-error: false leaves it out, true says nothing
      t.timestamps({ updatedAt: true });
      // @ts-expect-error: the primary key is a list of columns
      t.primaryKey("id");
      // @ts-expect-error: ifNotExists is for existing tables
      t.column("title", "string", { ifNotExists: true });
      // @ts-expect-error: remove is for existing tables
      t.remove("title");
    });

    m.alterTable("posts", (t) => {
      // @ts-expect-error: a modified column needs a type
      t.modify("title", { null: true });
      // @ts-expect-error: what a column was has a type
      t.modify("title", "text", { was: { null: false } });
      // @ts-expect-error: it is called was
      t.modify("title", "text", { from: "string" });
      // @ts-expect-error: what a column was has no ifExists
      t.remove("title", { was: { type: "text", ifExists: true } });
      // @ts-expect-error: a default needs a value
      t.setDefault("title");
      // @ts-expect-error: setNotNull takes the column and no more
      t.setNotNull("title", true);
      // @ts-expect-error: setType changes the type and nothing else
      t.setType("title", "text", { null: true });
    });

    // @ts-expect-error: an index has columns
    m.createIndex("posts");
    // @ts-expect-error: columns are a list
    m.createIndex("posts", "title");
    // @ts-expect-error: there is no such order
    m.createIndex("posts", [{ column: "title", order: "up" }]);
    // @ts-expect-error: where is SQL
    m.createIndex("posts", ["title"], { where: { title: null } });
    // @ts-expect-error: creating takes no cascade
    m.createIndex("posts", ["title"], { cascade: true });
    // @ts-expect-error: it is called ifExists
    m.dropIndex("posts", ["title"], { ifNotExists: true });

    // @ts-expect-error: a constraint is of some kind
    m.createConstraint("posts", "c", {});
    // @ts-expect-error: a constraint is of one kind
    m.createConstraint("posts", "c", { check: "true", unique: ["title"] });
    // @ts-expect-error: only checks and foreign keys can be added unvalidated
    m.createConstraint("posts", "c", { unique: ["title"], validate: false });
    // @ts-expect-error: a check cannot be deferred
    m.createConstraint("posts", "c", { check: "true", deferrable: "initially deferred" });
    // @ts-expect-error: only unique constraints ask about nulls
    m.createConstraint("posts", "c", { check: "true", nullsDistinct: false });
    // @ts-expect-error: an exclusion has a method and elements
    m.createConstraint("posts", "c", { exclude: { using: "gist" } });
    // @ts-expect-error: a foreign key refers to a table
    m.createConstraint("posts", "c", { foreignKey: { columns: ["author_id"] } });
    // @ts-expect-error: what a constraint was is of one kind too
    m.dropConstraint("posts", "c", { was: {} });

    // @ts-expect-error: a safe foreign key refers to a table
    m.addForeignKey("posts", { columns: ["author_id"] });
    // @ts-expect-error: a check has a name and an expression
    m.addCheck("posts", "title <> ''");
    // @ts-expect-error: a unique constraint is over a list of columns
    m.addUniqueConstraint("posts", "slug");
    // @ts-expect-error: it is concurrent by itself
    m.createIndexConcurrently("posts", ["title"], { concurrently: true });
    // @ts-expect-error: an index that is replaced has a name
    m.replaceIndex("posts", ["title"], { keepName: true });
    // @ts-expect-error: what fills a column is SQL
    m.addColumnWithBackfill("posts", "slug", "string", { fill: "lower(title)" });
    // @ts-expect-error: a column that comes later is no key
    m.addColumnWithBackfill("posts", "slug", "string", { default: "", primaryKey: true });
    // @ts-expect-error: a rename needs its new name
    m.renameColumnSafely("posts", "title");
    // @ts-expect-error: what a column was has a type
    m.changeTypeSafely("posts", "views", "bigint", { null: false });
    // @ts-expect-error: what fills the old column is SQL
    m.finishChangeType("posts", "views", { was: "integer", back: "views" });

    // @ts-expect-error: an enum has values
    m.createEnum("mood");
    // @ts-expect-error: a view has a definition
    m.createView("titles", "SELECT title FROM posts");
    // @ts-expect-error: a comment is text or null
    m.commentOnTable("posts", 5);
    // @ts-expect-error: the comment of a column is among its options
    m.commentOnColumn("posts", "title", "In one line");
    // @ts-expect-error: a start value is a number
    m.createSequence("numbers", { startValue: "1" });
    // @ts-expect-error: SQL or a query that compiles
    m.execute({ sql: "SELECT 1" });
    // @ts-expect-error: what undoes SQL is SQL
    m.execute("SELECT 1", { down: () => "SELECT 2" });
    // @ts-expect-error: what undoes code is code
    m.run(async () => {}, { down: "SELECT 1" });
    // @ts-expect-error: code is a function
    m.run("SELECT 1");
    // @ts-expect-error: an interpolated object is no SQL
    sql`${{ a: 1 }}`;
  },
});

// @ts-expect-error: there is no such key
defineMigration({ upp() {} });

// @ts-expect-error: a migration does something
defineMigration({});
// @ts-expect-error: settings alone do nothing
defineMigration({ transaction: false });
// @ts-expect-error: recording is synchronous; what needs the database goes into m.run
defineMigration({ change: async () => undefined });
// @ts-expect-error: the same for up
defineMigration({ async up() {} });
// @ts-expect-error: there is no such part
defineMigration({ chnage: () => undefined });

defineMigration({ change: (m) => m.createSchema("blog") });
defineMigration({ up() {}, down() {} });
defineMigration({ down: () => undefined });
