import { defineMigration } from "slipway";

export default defineMigration({
  up(m) {
    m.run(async (db) => {
      await db.query("update notes set slug = lower(replace(title, ' ', '-')) where slug is null");
    });
  },
  down() {},
});
