/** Tables that stand before a case. */
import type { MigrationBuilder } from "../../../src/core/language/builder.ts";

export function users(m: MigrationBuilder): void {
  m.createTable("users", (t) => {
    t.id();
    t.column("name", "string");
  });
}

/** Keys that a plain column can refer to: MySQL numbers rows without a sign. */
export function accounts(m: MigrationBuilder): void {
  m.createTable("accounts", (t) => {
    t.column("id", "bigint", { primaryKey: true, null: false });
    t.column("name", "string");
  });
}

export function posts(m: MigrationBuilder): void {
  m.createTable("posts", (t) => {
    t.id();
    t.column("title", "string", { null: false });
    t.column("body", "text");
  });
}

/** A parent that a key over two columns can refer to. */
export function members(m: MigrationBuilder): void {
  m.createTable("members", (t) => {
    t.column("org_id", "bigint", { null: false });
    t.column("user_id", "bigint", { null: false });
    t.primaryKey(["org_id", "user_id"]);
  });
}
