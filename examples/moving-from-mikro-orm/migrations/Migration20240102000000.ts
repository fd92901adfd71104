import { Migration } from "@mikro-orm/migrations";

export class Migration20240102000000 extends Migration {
  override name = "Migration20240102000000";

  override up(): void | Promise<void> {
    this.addSql(`create table "orders" ("id" serial primary key, "user_id" int not null);`);
    this.addSql(
      `alter table "orders" add constraint "orders_user_id_foreign" foreign key ("user_id") references "users" ("id");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "orders" cascade;`);
  }
}
