import type { PageGroup } from "../operation-page.ts";

export const changes: PageGroup = {
  title: "Columns of an existing table",
  pages: [
    {
      file: "add-column",
      title: "Add a column",
      does: "`t.add` in `m.alterTable` adds a column to an existing table.",
      methods: {
        "m.alterTable": ["table", "(t) => { … }", "options"],
        "change.add": ["name", "type", "options"],
      },
      cases: [
        "Add columns",
        "Add a column only if it is missing, remove one only if it exists",
        "Choose the place of the column (MySQL, MariaDB)",
      ],
      irreversible: ["a column that may have been there before"],
      back: "Going down, Slipway removes the column, with all that was written into it.",
      locks:
        "With a constant default, or none, PostgreSQL reads no rows. If the default differs from row to row, such as `gen_random_uuid()`, PostgreSQL rewrites the whole table while everyone waits. Then use [`m.addColumnWithBackfill`](add-column-with-backfill.md).",
      see: [
        "[add a column and fill it in batches](add-column-with-backfill.md)",
        "[column types and defaults](columns.md)",
        "[references](references.md)",
        "[the rule `add-column-rewrite`](../rules/add-column-rewrite.md)",
      ],
    },
    {
      file: "add-column-with-backfill",
      title: "Add a column and fill it in batches",
      does: "`m.addColumnWithBackfill` adds a column, fills the existing rows in batches, and can set NOT NULL at the end.",
      methods: { "m.addColumnWithBackfill": ["table", "name", "type", "options"] },
      cases: ["Add a column and fill old rows in batches", "Fill a new column from another one"],
      back: "Going down, Slipway removes the column.",
      locks:
        "Slipway updates 1,000 rows at a time. Each batch is its own transaction, so writers wait for a batch at most.",
      see: [
        "[backfills in safe forms](../safe-forms.md#backfills)",
        "[backfill](../backfill.md)",
        "[add a column](add-column.md)",
      ],
    },
    {
      file: "remove-column",
      title: "Remove a column",
      does: "`t.remove` in `m.alterTable` drops a column with all its values.",
      methods: { "change.remove": ["name", "options"] },
      cases: [
        "Remove a column",
        "Remove a column that had a default, a key or a comment",
        "Remove a column and everything that depends on it",
      ],
      irreversible: [
        "a column, without what it was",
        "a column that may not be there",
        "a column with what depends on it",
      ],
      back: "Give `was`, the column as it was. Going down, Slipway adds the column again, without its values.",
      locks:
        "The lock lasts a moment, but the values are lost and running code fails. To be able to go back, [hide the column first](drop-column-safely.md).",
      see: [
        "[hide a column before you drop it](drop-column-safely.md)",
        "[the rule `drop-column`](../rules/drop-column.md)",
      ],
    },
    {
      file: "drop-column-safely",
      title: "Drop a column in two steps",
      does: "`m.dropColumnSafely` hides a column so that you can still bring it back, and `m.finishDropColumn` drops it for good.",
      methods: {
        "m.dropColumnSafely": ["table", "column", "options"],
        "m.finishDropColumn": ["table", "column", "options"],
      },
      more: "First release code that no longer uses the column. Then hide it: code that still needs it fails now, while the values are still there. Drop it in a later release.",
      cases: ["Hide a column before you drop it", "Drop a hidden column"],
      irreversible: ["a column out of sight, without what it was"],
      back: "Give `was`, the column as it was. Going down from the first step brings back the column with its values. Going down from the second step adds it again, without its values.",
      locks: "Neither step reads a row.",
      see: ["[safe forms](../safe-forms.md#in-two-steps)", "[remove a column](remove-column.md)"],
    },
    {
      file: "modify-column",
      title: "Modify a column",
      does: "`t.modify` in `m.alterTable` sets a column's type together with its options.",
      methods: { "change.modify": ["name", "type", "options"] },
      cases: [
        "Modify a column",
        "Modify the type of a column",
        "Modify the collation and comment of a column",
        "Modify what a column refers to",
      ],
      irreversible: [
        "a modified column, without what it was",
        "a modified column, with less in `was` than in the change",
      ],
      back: "Give `was` with the old value of everything that you set. Slipway sets all of it back when it goes down.",
      locks:
        "Some types fit the stored values, such as a longer `varchar`: PostgreSQL then changes only the catalog. For others it rewrites the table. Use [`m.changeTypeSafely`](change-type-safely.md) for those.",
      see: [
        "[change only the type](set-type.md)",
        "[change a type safely](change-type-safely.md)",
        "[set or drop NOT NULL](set-not-null.md)",
        "[the rule `change-column-type`](../rules/change-column-type.md)",
      ],
    },
    {
      file: "set-type",
      title: "Change a type",
      does: "`t.setType` in `m.alterTable` changes a column's type and leaves its other options alone.",
      methods: { "change.setType": ["name", "type", "options"] },
      cases: [
        "Change the type",
        "Change the precision",
        "Convert the old values",
        "Change the collation",
        "Change the type and the comment",
      ],
      irreversible: ["a type, without the one before", "a collation, without the one before"],
      back: "Give `was`, the old type. Going down, Slipway changes the column back.",
      locks:
        "A longer `varchar` changes only the catalog. A type that PostgreSQL stores differently rewrites the table while everyone waits: use [`m.changeTypeSafely`](change-type-safely.md). Afterwards run `ANALYZE` on the table, because PostgreSQL forgets the statistics of the column.",
      see: [
        "[change a type safely](change-type-safely.md)",
        "[modify a column](modify-column.md)",
        "[the rule `statistics-lost`](../rules/statistics-lost.md)",
      ],
    },
    {
      file: "change-type-safely",
      title: "Change a type safely",
      does: "`m.changeTypeSafely` changes a column's type while others read and write, and `m.finishChangeType` drops the old values.",
      methods: {
        "m.changeTypeSafely": ["table", "column", "type", "options"],
        "m.finishChangeType": ["table", "column", "options"],
      },
      more: "Take two releases. After the first, every row has the new type and a trigger keeps the old column in step. Until you call `m.finishChangeType`, a value must fit both types.",
      cases: [
        "Change a type while others read and write",
        "Drop the old column after a type change",
      ],
      irreversible: ["the end of a change of type"],
      back: "Give `was`, the old type. Going down from the first step swaps the old column back in, with every value that your app wrote meanwhile. Going down from the second step adds the old column again and fills it in batches.",
      locks:
        "Slipway fills the new column 1,000 rows at a time. The swap takes a strong lock for a moment.",
      see: ["[safe forms](../safe-forms.md#in-two-steps)", "[change a type](set-type.md)"],
    },
    {
      file: "set-default",
      title: "Set or drop a default",
      does: "`t.setDefault` and `t.dropDefault` in `m.alterTable` change what new rows get.",
      methods: {
        "change.setDefault": ["name", "value", "options"],
        "change.dropDefault": ["name", "options"],
      },
      cases: [
        "Set a default",
        "Set another default",
        "Set a list as the default",
        "Drop a default",
        "Drop a default that was a list",
      ],
      irreversible: [
        "a default, without the one before",
        "a dropped default, without the one before",
      ],
      back: "Give `was`, the old default, or `null` if there was none. Going down, Slipway sets it again.",
      locks: "PostgreSQL reads no rows, and old rows keep their values.",
      see: ["[defaults of a new column](columns.md)", "[modify a column](modify-column.md)"],
    },
    {
      file: "set-not-null",
      title: "Set or drop NOT NULL",
      does: "`t.setNotNull` and `t.dropNotNull` in `m.alterTable` decide whether a column may be null.",
      methods: { "change.setNotNull": ["name"], "change.dropNotNull": ["name"] },
      cases: ["Set and drop not null"],
      back: "Slipway undoes each with the other. Going down from `t.dropNotNull` fails if a row has a null by then.",
      locks:
        "To set NOT NULL, PostgreSQL reads the whole table while everyone waits. On a large table, use [`m.setNotNullSafely`](set-not-null-safely.md). Dropping NOT NULL takes a moment.",
      see: [
        "[set NOT NULL safely](set-not-null-safely.md)",
        "[the rule `set-not-null-scan`](../rules/set-not-null-scan.md)",
        "[the rule `drop-not-null`](../rules/drop-not-null.md)",
      ],
    },
    {
      file: "set-not-null-safely",
      title: "Set NOT NULL safely",
      does: "`m.setNotNullSafely` sets NOT NULL and checks the existing rows while others read and write.",
      methods: { "m.setNotNullSafely": ["table", "column", "options"] },
      cases: ["Set NOT NULL while others read and write"],
      back: "Going down, Slipway drops NOT NULL.",
      locks:
        "Slipway proves the rule first, so that `SET NOT NULL` reads no rows. If a row is null, the validation fails. Fill the row and run again.",
      see: [
        "[set or drop NOT NULL](set-not-null.md)",
        "[add a column and fill it in batches](add-column-with-backfill.md)",
        "[backfill](../backfill.md)",
      ],
    },
    {
      file: "rename-column",
      title: "Rename a column",
      does: "`m.renameColumn` renames a column.",
      methods: { "m.renameColumn": ["table", "column", "options"] },
      cases: ["Rename a column"],
      back: "Going down, Slipway gives the column its old name back.",
      locks:
        "The lock lasts a moment, but running code that uses the old name fails at once. To keep both names for a while, [rename the column safely](rename-column-safely.md).",
      see: [
        "[rename a column safely](rename-column-safely.md)",
        "[the rule `rename-column`](../rules/rename-column.md)",
      ],
    },
    {
      file: "rename-column-safely",
      title: "Rename a column safely",
      does: "`m.renameColumnSafely` renames a column and keeps the old name working until `m.finishRenameColumn`.",
      methods: {
        "m.renameColumnSafely": ["table", "column", "options"],
        "m.finishRenameColumn": ["table", "column", "options"],
      },
      more: "Take two releases. In the first, rename the column: old code uses the old name, new code the new one. In the second, when no old code runs any more, call `m.finishRenameColumn` with the same arguments.",
      cases: ["Rename a column and keep both names", "Drop the old name of a column"],
      back: "Going down, the first step drops the view and gives the table its name back. The second step creates the view again.",
      locks: "Both steps read no rows.",
      see: [
        "[what a view cannot do meanwhile](../safe-forms.md#in-two-steps)",
        "[rename a column](rename-column.md)",
      ],
    },
  ],
};
