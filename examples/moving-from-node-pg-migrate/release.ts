import { defineRelease, env } from "slipway";
import { nodePgMigrations } from "slipway/compat/node-pg-migrate";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-node-pg-migrate",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: nodePgMigrations(),
    },
  },
});
