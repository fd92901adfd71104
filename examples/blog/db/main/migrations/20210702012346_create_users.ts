import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("users", (t) => {
      t.id();
      t.column("name", "string", { null: false });
      t.timestamps();
    });
  },
});
