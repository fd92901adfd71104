import { defineRelease, env } from "slipway";
import { kyselyMigrations } from "slipway/compat/kysely";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-kysely",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: kyselyMigrations(),
    },
  },
});
