import { defineMigration } from "slipway";

// No flag is needed: an index built concurrently takes its migration out of the transaction.
export default defineMigration({
  change(m) {
    m.createIndex("posts", ["author_id"], { concurrently: true });
  },
});
