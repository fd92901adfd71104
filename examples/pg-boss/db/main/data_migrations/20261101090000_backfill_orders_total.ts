import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  table: "orders",
  key: "id",
  where: sql`total is null`,
  set: { total: sql`price * quantity` },
});
