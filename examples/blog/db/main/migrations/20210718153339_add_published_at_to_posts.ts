import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.alterTable("posts", (t) => {
      t.add("published_at", "naive_datetime");
    });
  },
});
