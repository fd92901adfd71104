import { defineSeeds } from "slipway";

export default defineSeeds(async (db) => {
  await db.change("insert into notes (title) values ('the first')");
});
