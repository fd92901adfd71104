import type { PageGroup } from "../operation-page.ts";

export const objects: PageGroup = {
  title: "Schemas, extensions, enums, sequences, views",
  pages: [
    {
      file: "schemas",
      title: "Schemas",
      does: "`m.createSchema` creates a schema, and `m.dropSchema` drops one.",
      methods: { "m.createSchema": ["name", "options"], "m.dropSchema": ["name", "options"] },
      more: "On MySQL and MariaDB a schema is a database.",
      cases: ["Create a schema", "Drop a schema", "Drop a schema and everything in it"],
      irreversible: ["a schema with what is in it"],
      back: "Slipway undoes each with the other. A dropped schema comes back empty.",
      locks: "Creating a schema blocks nobody. `cascade` locks and drops every table in it.",
      see: [
        "[a table in a schema](create-table.md#in-a-schema)",
        "[the rule `drop-schema`](../rules/drop-schema.md)",
      ],
    },
    {
      file: "extensions",
      title: "Extensions",
      does: "`m.createExtension` installs an extension of PostgreSQL, `m.updateExtension` updates one, and `m.dropExtension` removes one.",
      methods: {
        "m.createExtension": ["name", "options"],
        "m.updateExtension": ["name", "options"],
        "m.dropExtension": ["name", "options"],
      },
      cases: [
        "Install an extension",
        "Update an extension",
        "Update an extension that has a script for the way back",
        "Update an extension, and make it again going down",
        "Remove an extension",
        "Remove an extension and everything that uses it",
      ],
      irreversible: ["an extension with what uses it", "an update of an extension"],
      back: "Slipway undoes each with the other. Give `was` if the extension stood in another schema or version. An update is different: most extensions have scripts for the way up only. With `down: \"keep\"` the new version stays; old code usually works with it. With `was`, Slipway runs the script for the way back. If the extension has none, the rollback fails and changes nothing. To see which ways there are, ask `SELECT * FROM pg_extension_update_paths('citext') WHERE path IS NOT NULL;`.",
      locks:
        "Installing an extension blocks nobody. An update runs the scripts of the extension, in the transaction of the migration. Read them if the extension has tables. If the extension has that version already, the server does nothing. Many extensions need a superuser, or a provider that allows them.",
      see: [
        "[neighbours](../neighbours.md#extensions)",
        "[security](../security.md)",
        "[SQL](execute.md)",
      ],
    },
    {
      file: "enums",
      title: "Enums",
      does: "`m.createEnum`, `m.addEnumValue`, `m.renameEnumValue` and `m.dropEnum` work with an enum type of PostgreSQL.",
      methods: {
        "m.createEnum": ["name", "values", "options"],
        "m.addEnumValue": ["name", "value", "options"],
        "m.renameEnumValue": ["name", "value", "options"],
        "m.dropEnum": ["name", "options"],
      },
      cases: [
        "Create an enum",
        "Add a value to an enum",
        "Rename a value of an enum",
        "Drop an enum",
      ],
      irreversible: ["an enum, without its values", "a value of an enum"],
      back: "Going down, Slipway drops a new enum and renames a value back. To bring back a dropped enum, give its values in `was`. PostgreSQL cannot remove a value, so `m.addEnumValue` needs your own `down`.",
      locks:
        "No table is locked. You cannot use a new value in the transaction that added it: insert it in the next migration. Running code fails on a renamed value.",
      see: [
        "[the rule `create-enum`](../rules/create-enum.md)",
        "[the rule `enum-value-used-in-transaction`](../rules/enum-value-used-in-transaction.md)",
        "[the rule `rename-enum-value`](../rules/rename-enum-value.md)",
      ],
    },
    {
      file: "sequences",
      title: "Sequences",
      does: "`m.createSequence` creates a sequence, and `m.dropSequence` drops one.",
      methods: {
        "m.createSequence": ["name", "options"],
        "m.dropSequence": ["name", "options"],
      },
      cases: ["Create a sequence", "A sequence that belongs to a column", "Drop a sequence"],
      irreversible: ["a sequence, without its options"],
      back: "Slipway undoes each with the other. Give the options of a dropped sequence in `was`; it starts from its first value again.",
      locks: "No table is locked.",
      see: ["[primary keys](primary-keys.md)"],
    },
    {
      file: "views",
      title: "Views",
      does: "`m.createView` creates or replaces a view, and `m.dropView` drops one.",
      methods: {
        "m.createView": ["name", "definition", "options"],
        "m.dropView": ["name", "options"],
      },
      cases: [
        "Create a view",
        "Replace a view",
        "Drop a view",
        "Drop a view and everything that depends on it",
        "Materialized views",
      ],
      irreversible: [
        "a replaced view, without the one before",
        "a view, without what it was",
        "a view with what depends on it",
      ],
      back: "Going down, Slipway drops a new view. To bring back a dropped or replaced view, give its query in `was`.",
      locks:
        "The tables in the query keep working. Replacing or dropping a view waits for queries that use it. Refresh a large materialized view with `REFRESH MATERIALIZED VIEW CONCURRENTLY`.",
      see: [
        "[SQL](execute.md)",
        "[the rule `refresh-matview-not-concurrent`](../rules/refresh-matview-not-concurrent.md)",
      ],
    },
  ],
};
