import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string", { null: false });
      t.references("author_id", "users", { onDelete: "cascade" });
      t.timestamps();
    });
  },
});
