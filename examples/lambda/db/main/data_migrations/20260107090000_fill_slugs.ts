import { defineBackfill, sql } from "slipway";

// In batches: a call that runs out of time has done whole batches, and the next one goes on behind them.
export default defineBackfill({
  table: "notes",
  key: "id",
  where: sql`slug is null`,
  set: { slug: sql`lower(replace(title, ' ', '-'))` },
});
