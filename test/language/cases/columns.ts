import { sql } from "../../../src/core/model/fragment.ts";
import { type Chapter, withComments } from "./operation-case.ts";
import { posts } from "./setups.ts";

export const columns: Chapter = {
  title: "Columns",
  file: "columns.ts",
  cases: [
    {
      name: "Every portable type",
      note: 'Any other text is passed to the database as it is: `t.column("place", "point")`.',
      change(m) {
        m.createTable("things", (t) => {
          t.column("a_bigint", "bigint");
          t.column("a_binary", "binary");
          t.column("a_boolean", "boolean");
          t.column("a_date", "date");
          t.column("a_decimal", "decimal", { precision: 10, scale: 2 });
          t.column("a_float", "float");
          t.column("an_id", "id");
          t.column("an_integer", "integer");
          t.column("a_json", "json");
          t.column("a_map", "map");
          t.column("a_naive_datetime", "naive_datetime");
          t.column("a_naive_datetime_usec", "naive_datetime_usec");
          t.column("a_smallint", "smallint");
          t.column("a_string", "string");
          t.column("a_short_string", "string", { size: 40 });
          t.column("a_text", "text");
          t.column("a_time", "time");
          t.column("a_time_usec", "time_usec");
          t.column("a_utc_datetime", "utc_datetime");
          t.column("a_utc_datetime_usec", "utc_datetime_usec");
          t.column("a_uuid", "uuid");
        });
      },
    },
    {
      name: "Durations",
      on: ["postgres"],
      change(m) {
        m.createTable("races", (t) => {
          t.column("took", "duration", { fields: "day to second", precision: 3 });
        });
      },
    },
    {
      name: "Arrays",
      note: "SQLite stores an array as JSON text.",
      on: ["postgres", "sqlite"],
      change(m) {
        m.createTable("posts", (t) => t.column("tags", "string[]", { default: ["new"] }));
      },
    },
    {
      name: "A type that only your database has",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.column("words", "tsvector"));
      },
    },
    {
      name: "Defaults",
      note: "Slipway writes text, numbers, booleans and `null` as literals. Use `` sql`…` `` for an expression.",
      change(m) {
        m.createTable("posts", (t) => {
          t.column("title", "string", { default: "it's new" });
          t.column("score", "integer", { default: -1 });
          t.column("public", "boolean", { default: false });
          t.column("created_at", "utc_datetime", { default: sql`CURRENT_TIMESTAMP` });
          t.column("rating", "float", { default: null });
        });
      },
    },
    {
      name: "Lists and objects as defaults",
      change(m) {
        m.createTable("posts", (t) => {
          t.column("settings", "map", { default: { theme: "dark", sizes: [1, 2] } });
          t.column("marks", "json", { default: [] });
        });
      },
    },
    {
      name: "A generated column",
      on: ["postgres", "mysql", "mariadb", "sqlite"],
      change(m) {
        m.createTable("lines", (t) => {
          t.column("price", "integer");
          t.column("amount", "integer");
          t.column("total", "integer", { generated: "ALWAYS AS (price * amount) STORED" });
        });
      },
    },
    {
      name: "A collation",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.column("code", "text", { collation: "C" }));
      },
    },
    {
      name: "A collation of SQLite",
      on: ["sqlite"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.column("code", "text", { collation: "nocase" }));
      },
    },
    {
      name: "A comment",
      on: withComments,
      change(m) {
        m.createTable("posts", (t) => t.column("score", "integer", { comment: "From 0 to 9" }));
      },
    },
    {
      name: "Timestamps",
      note: "Set `timestamps: { insertedAt, updatedAt, type, null, default }` in the repo, or give the same options to one call.",
      change(m) {
        m.createTable("posts", (t) => t.timestamps());
      },
    },
    {
      name: "Timestamps with other names",
      change(m) {
        m.createTable("posts", (t) => {
          t.timestamps({
            insertedAt: "created_at",
            updatedAt: false,
            type: "utc_datetime_usec",
            null: true,
            default: sql`CURRENT_TIMESTAMP`,
          });
        });
      },
      on: ["postgres", "sqlite"],
      ownSql: true,
    },
    {
      name: "Rename a column",
      setup: posts,
      change(m) {
        m.renameColumn("posts", "title", { to: "headline" });
      },
    },
    {
      name: "Comment on a column",
      on: withComments,
      setup: posts,
      change(m) {
        m.commentOnColumn("posts", "title", { comment: "In one line", was: null });
      },
    },
  ],
};
