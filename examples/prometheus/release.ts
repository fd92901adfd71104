import { defineMigration, defineRelease, env } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "shop",
  version: "1.0.0",
  repos: {
    main: {
      adapter: sqlite({ path: () => env("DATABASE_PATH") }),
      migrations: {
        "20261101090000_create_orders": defineMigration({
          change: (m) => m.createTable("orders", (t) => t.id()),
        }),
        "20261101090100_add_total": defineMigration({
          change: (m) => m.alterTable("orders", (t) => t.add("total", "integer")),
        }),
      },
    },
  },
});
