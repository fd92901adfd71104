import type { PageGroup } from "../operation-page.ts";

export const constraints: PageGroup = {
  title: "Constraints",
  pages: [
    {
      file: "create-constraint",
      title: "Create a constraint",
      does: "`m.createConstraint` adds a check, a unique constraint, a foreign key, a primary key or an exclusion to an existing table.",
      methods: { "m.createConstraint": ["table", "name", "options"] },
      cases: [
        "A check",
        "A unique constraint",
        "A foreign key",
        "A foreign key over several columns",
        "A foreign key that skips existing rows",
        "An exclusion constraint",
        "Treat nulls as equal in a unique constraint",
        "Take over an existing index",
        "Check at the end of the transaction",
        "Constraints with comments",
      ],
      back: "Going down, Slipway drops the constraint.",
      locks:
        "PostgreSQL checks every row while others wait. On a table in use, take [`m.addCheck`](add-check.md), [`m.addUniqueConstraint`](add-unique-constraint.md) or [`m.addForeignKey`](add-foreign-key.md). An exclusion has no safe form: add it while the table is small.",
      see: [
        "[add a check safely](add-check.md)",
        "[add a unique constraint safely](add-unique-constraint.md)",
        "[add a foreign key safely](add-foreign-key.md)",
        "[drop a constraint](drop-constraint.md)",
      ],
    },
    {
      file: "add-check",
      title: "Add a check safely",
      does: "`m.addCheck` adds a check and tests the existing rows while others read and write.",
      methods: { "m.addCheck": ["table", "name", "expression", "options"] },
      cases: ["Add a check while others write"],
      back: "Going down, Slipway drops the check.",
      locks:
        "New rows are checked at once. If an old row breaks the rule, the validation fails and the check stays for new rows.",
      see: [
        "[create a constraint](create-constraint.md)",
        "[the rule `add-check-scan`](../rules/add-check-scan.md)",
      ],
    },
    {
      file: "add-foreign-key",
      title: "Add a foreign key safely",
      does: "`m.addForeignKey` adds a foreign key and looks up the existing rows while others read and write.",
      methods: { "m.addForeignKey": ["table", "options"] },
      cases: ["Add a foreign key while others write"],
      back: "Going down, Slipway drops the foreign key.",
      locks:
        "New rows are checked at once. If an old row has no parent, the validation fails and the foreign key stays for new rows.",
      see: [
        "[references](references.md)",
        "[create an index without blocking writers](create-index-concurrently.md)",
        "[the rule `add-fk-scan`](../rules/add-fk-scan.md)",
      ],
    },
    {
      file: "add-unique-constraint",
      title: "Add a unique constraint safely",
      does: "`m.addUniqueConstraint` builds a unique index while others write, and then turns it into a constraint.",
      methods: { "m.addUniqueConstraint": ["table", "columns", "options"] },
      cases: ["Add a unique constraint while others write"],
      back: "Going down, Slipway drops the constraint together with its index.",
      locks:
        "If two rows have the same value, the build fails. Change one of them and run again: Slipway removes the half-built index first.",
      see: [
        "[create a constraint](create-constraint.md)",
        "[the rule `add-unique-without-index`](../rules/add-unique-without-index.md)",
      ],
    },
    {
      file: "validate-constraint",
      title: "Validate a constraint",
      does: "`m.validateConstraint` checks the rows that were there before you added a constraint with `validate: false`.",
      methods: { "m.validateConstraint": ["table", "name", "options"] },
      cases: ["Skip the check of existing rows, and validate"],
      back: "Going down, there is nothing to undo: a valid constraint needs no way back.",
      locks:
        "Put the two steps in two migrations, so that the first lock ends before PostgreSQL reads the table.",
      see: [
        "[add a check safely](add-check.md)",
        "[add a foreign key safely](add-foreign-key.md)",
        "[the rule `validate-in-same-transaction`](../rules/validate-in-same-transaction.md)",
      ],
    },
    {
      file: "drop-constraint",
      title: "Drop a constraint",
      does: "`m.dropConstraint` drops a constraint.",
      methods: { "m.dropConstraint": ["table", "name", "options"] },
      cases: [
        "Drop a constraint",
        "Drop a constraint that may not exist",
        "Drop a constraint and everything that depends on it",
      ],
      irreversible: ["a constraint, without what it was", "a constraint with what depends on it"],
      back: "Give `was`, the constraint as it was. Going down, Slipway adds it again and checks every row.",
      locks: "The lock lasts a moment.",
      see: [
        "[create a constraint](create-constraint.md)",
        "[the rule `drop-primary-key`](../rules/drop-primary-key.md)",
      ],
    },
    {
      file: "rename-constraint",
      title: "Rename a constraint",
      does: "`m.renameConstraint` renames a constraint.",
      methods: { "m.renameConstraint": ["table", "name", "options"] },
      cases: ["Rename a constraint"],
      back: "Going down, Slipway gives the constraint its old name back.",
      locks: "The lock lasts a moment.",
      see: ["[create a constraint](create-constraint.md)"],
    },
  ],
};
