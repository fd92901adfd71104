import { Migration } from "@mikro-orm/migrations";

export class Migration20240101000000 extends Migration {
  override name = "Migration20240101000000";

  override up(): void | Promise<void> {
    this.addSql(
      `create table "users" ("id" serial primary key, "email" varchar(255) not null, constraint "users_email_unique" unique ("email"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "users" cascade;`);
  }
}
