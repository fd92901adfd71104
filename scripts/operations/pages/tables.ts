import type { PageGroup } from "../operation-page.ts";

export const tables: PageGroup = {
  title: "Tables",
  pages: [
    {
      file: "create-table",
      title: "Create a table",
      does: "`m.createTable` creates a table with its columns and constraints.",
      methods: {
        "m.createTable": ["name", "(t) => { … }", "options"],
        "t.check": ["name", "expression"],
        "t.unique": ["name", "columns"],
        "t.foreignKey": ["name", "foreignKey"],
      },
      cases: [
        "Create a table",
        "With checks, unique columns and foreign keys",
        "Only if it does not exist yet",
        "With a comment",
        "In a schema",
        "With options of the database",
        "A STRICT table (SQLite)",
        "An unlogged table",
        "Another engine (MySQL, MariaDB)",
      ],
      back: "Going down, Slipway drops the table, with all rows that it has by then.",
      locks:
        "A new table has no users yet, so nobody waits. If the table has a foreign key, writers of the parent table wait for a moment.",
      see: [
        "[columns and their types](columns.md)",
        "[primary keys](primary-keys.md)",
        "[timestamps](timestamps.md)",
        "[references](references.md)",
        "[drop a table](drop-table.md)",
      ],
    },
    {
      file: "drop-table",
      title: "Drop a table",
      does: "`m.dropTable` drops a table with all its rows.",
      methods: { "m.dropTable": ["name", "options"] },
      cases: [
        "Drop a table",
        "Drop a table that may not exist",
        "Drop a table that has a comment",
        "Drop a table and everything that depends on it",
      ],
      irreversible: [
        "a table, without what it was",
        "a table, if it exists",
        "a table with what depends on it",
      ],
      back: "Give `was`, a description of the table as it was. Going down, Slipway creates the table again, without its rows. Without `was`, Slipway refuses to go down.",
      locks:
        "The lock lasts a moment, but the rows are lost and running code fails. First release code that does not use the table, then drop it in a later release.",
      see: [
        "[create a table](create-table.md)",
        "[drop an index](drop-index.md)",
        "[hide a column before you drop it](drop-column-safely.md)",
        "[the rule `drop-table`](../rules/drop-table.md)",
      ],
    },
    {
      file: "rename-table",
      title: "Rename a table",
      does: "`m.renameTable` renames a table.",
      methods: { "m.renameTable": ["name", "options"] },
      cases: ["Rename a table"],
      back: "Going down, Slipway gives the table its old name back.",
      locks:
        "The lock lasts a moment, but running code that uses the old name fails at once. To keep both names for a while, [rename the table safely](rename-table-safely.md).",
      see: [
        "[rename a table safely](rename-table-safely.md)",
        "[rename a column](rename-column.md)",
      ],
    },
    {
      file: "rename-table-safely",
      title: "Rename a table safely",
      does: "`m.renameTableSafely` renames a table and keeps the old name working until `m.finishRenameTable`.",
      methods: {
        "m.renameTableSafely": ["name", "options"],
        "m.finishRenameTable": ["name", "options"],
      },
      more: "Take two releases. In the first, rename the table: old code uses the old name, new code the new one. In the second, when no old code runs any more, call `m.finishRenameTable` with the same arguments.",
      cases: ["Rename a table and keep both names", "Drop the old name of a table"],
      back: "Going down, the first step drops the view and gives the table its old name back. The second step creates the view again.",
      locks: "Both steps read no rows.",
      see: [
        "[safe forms](../safe-forms.md#in-two-steps)",
        "[rename a table](rename-table.md)",
        "[rename a column safely](rename-column-safely.md)",
      ],
    },
    {
      file: "comments",
      title: "Comments",
      does: "`m.commentOnTable` and `m.commentOnColumn` set, change or remove a comment.",
      methods: {
        "m.commentOnTable": ["table", "comment", "options"],
        "m.commentOnColumn": ["table", "column", "options"],
      },
      cases: ["Comment on a table", "Remove the comment of a table", "Comment on a column"],
      irreversible: ["a comment, without the one before"],
      back: "Give `was`, the old comment, or `null` if there was none. Without `was`, Slipway refuses to go down.",
      locks: "Readers and writers do not notice.",
      see: ["[create a table](create-table.md)", "[columns](columns.md)"],
    },
  ],
};
