import { defineMigration } from "slipway";

export default defineMigration({
  change: (m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "text");
    }),
});
