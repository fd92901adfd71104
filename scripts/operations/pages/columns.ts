import type { PageGroup } from "../operation-page.ts";

export const columns: PageGroup = {
  title: "Columns of a new table",
  pages: [
    {
      file: "columns",
      title: "Columns and their types",
      does: "`t.column` adds a column to the table that you create.",
      methods: { "t.column": ["name", "type", "options"] },
      more: 'A type can be a portable one from the example, one of your database (`"tsvector"`, `"numeric(10, 2)"`), or a list (`"string[]"`). Write your own type with its schema: `"public.mood"`. Slipway refuses a slip such as `"strng"` and names the type that you meant.',
      cases: [
        "Every portable type",
        "Defaults",
        "Lists and objects as defaults",
        "Durations",
        "Arrays",
        "A type that only your database has",
        "A generated column",
        "A collation",
        "A collation of SQLite",
        "A comment",
      ],
      back: "The column goes with its table when Slipway drops the table.",
      locks:
        "Nobody uses a new table yet. To add a column to a table in use, see [add a column](add-column.md).",
      see: [
        "[add a column to an existing table](add-column.md)",
        "[primary keys](primary-keys.md)",
        "[references](references.md)",
        "[timestamps](timestamps.md)",
      ],
    },
    {
      file: "primary-keys",
      title: "Primary keys",
      does: "`t.id` adds the repo's primary key, and `t.primaryKey` makes a key over several columns.",
      methods: { "t.id": ["options"], "t.primaryKey": ["columns", "options"] },
      cases: [
        "Set the repo's own default",
        "An identity column",
        "A UUID that the database generates",
        "Another name and type",
        "A primary key over several columns",
        "A primary key over several columns, with a name",
        "No primary key",
        "Add a primary key",
        "Make an existing column the primary key",
      ],
      back: "In a new table, the key goes with the table. Going down from `Add a primary key`, Slipway removes the column again; from `m.createConstraint`, it drops the constraint.",
      locks:
        "A key in a new table blocks nobody. To add one to a large table in use, first build a unique index with [`m.createIndexConcurrently`](create-index-concurrently.md), then let the key take it over with SQL: `ADD PRIMARY KEY USING INDEX`.",
      see: [
        "[repo defaults](../migrations.md#defaults-of-a-repo)",
        "[create a constraint](create-constraint.md)",
        "[the rule `add-primary-key-without-index`](../rules/add-primary-key-without-index.md)",
      ],
    },
    {
      file: "timestamps",
      title: "Timestamps",
      does: "`t.timestamps` adds a column for when a row was created and one for when it last changed.",
      methods: { "t.timestamps": ["options"], "change.timestamps": ["options"] },
      cases: ["Timestamps", "Timestamps with other names", "Add timestamps"],
      back: "Going down, Slipway removes both columns.",
      locks:
        "In a new table nobody waits. In an existing table, allow null (`null: true`) or give a `default`, because old rows need a value.",
      see: [
        "[repo defaults](../migrations.md#defaults-of-a-repo)",
        "[add a column](add-column.md)",
      ],
    },
    {
      file: "references",
      title: "References",
      does: "`t.references` adds a column with a foreign key to another table.",
      methods: {
        "t.references": ["name", "table", "options"],
        "change.references": ["name", "table", "options"],
      },
      more: "It adds no index. Create one with [`m.createIndexConcurrently`](create-index-concurrently.md): without it, each delete of a parent reads the whole child table.",
      cases: [
        "A column that refers to another table",
        "Choose what happens when the parent row goes or changes",
        "Add a column that refers to another table",
        "Skip the check of existing rows for a reference",
        "Another name, column and type",
        "Set the repo's default for all references",
        "Refer to a key over several columns",
        "Refer to a table in another schema",
        "Fall back to the default when the parent goes",
        "Clear only some columns when the parent goes",
        "MATCH FULL",
        "Check a reference at the end of the transaction",
      ],
      back: "Going down, Slipway drops the table, or removes the column. The foreign key goes with it.",
      locks:
        "Writers of the parent table wait for a moment. To add a foreign key to a column that has rows, use [`m.addForeignKey`](add-foreign-key.md).",
      see: [
        "[add a foreign key safely](add-foreign-key.md)",
        "[change what a column refers to](modify-column.md)",
        "[the rule `fk-missing-index`](../rules/fk-missing-index.md)",
      ],
    },
  ],
};
