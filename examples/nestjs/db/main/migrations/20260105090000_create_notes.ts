import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("notes", (t) => {
      t.id();
      t.column("body", "text", { null: false });
    });
  },
});
