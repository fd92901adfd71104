import { defineMigration } from "slipway";

// Posts written before published_at existed were published at once.
export default defineMigration({
  up(m) {
    m.run(async (db) => {
      await db.query("update posts set published_at = inserted_at where published_at is null");
    });
  },
  // Nobody can tell any more which of them were filled in, and nothing breaks when they stay.
  down() {},
});
