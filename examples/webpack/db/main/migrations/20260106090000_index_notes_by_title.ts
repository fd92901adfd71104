import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createIndex("notes", ["title"], { concurrently: true });
  },
});
