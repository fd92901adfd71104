import { defineRelease, env } from "slipway";
import { dbMigrations } from "slipway/compat/db-migrate";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-db-migrate",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: dbMigrations(),
    },
  },
});
