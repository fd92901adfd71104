import { sql } from "../../../src/core/model/fragment.ts";
import type { Chapter } from "./operation-case.ts";

export const keys: Chapter = {
  title: "Primary keys",
  file: "keys.ts",
  cases: [
    {
      name: "Set the repo's own default",
      note: 'Set `primaryKey: { name, type, default, startValue, increment }` in the repo. Without it, `t.id()` adds `id` as a `bigserial`. This example runs with `primaryKey: { name: "uid", type: "uuid" }`.',
      defaults: { primaryKey: { name: "uid", type: "uuid" } },
      change(m) {
        m.createTable("posts", (t) => t.id());
      },
    },
    {
      name: "An identity column",
      on: ["postgres"],
      change(m) {
        m.createTable("posts", (t) => t.id({ type: "identity", startValue: 100, increment: 10 }));
      },
    },
    {
      name: "A UUID that the database generates",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.id({ type: "uuid", default: sql`gen_random_uuid()` }));
      },
    },
    {
      name: "Another name and type",
      change(m) {
        m.createTable("posts", (t) => t.id({ name: "slug", type: "string" }));
      },
    },
    {
      name: "A primary key over several columns",
      change(m) {
        m.createTable("members", (t) => {
          t.column("org_id", "bigint", { primaryKey: true });
          t.column("user_id", "bigint", { primaryKey: true });
        });
      },
    },
    {
      name: "A primary key over several columns, with a name",
      change(m) {
        m.createTable("members", (t) => {
          t.column("org_id", "bigint", { null: false });
          t.column("user_id", "bigint", { null: false });
          t.primaryKey(["org_id", "user_id"], { name: "members_key" });
        });
      },
    },
    {
      name: "No primary key",
      change(m) {
        m.createTable("hits", (t) => t.column("url", "text"));
      },
    },
    {
      name: "Add a primary key",
      setup: (m) => m.createTable("hits", (t) => t.column("url", "text")),
      change(m) {
        m.alterTable("hits", (t) => t.add("id", "bigserial", { primaryKey: true }));
      },
    },
    {
      name: "Make an existing column the primary key",
      setup: (m) => m.createTable("hits", (t) => t.column("url", "string", { null: false })),
      change(m) {
        m.createConstraint("hits", "hits_pkey", { primaryKey: ["url"] });
      },
    },
  ],
};
