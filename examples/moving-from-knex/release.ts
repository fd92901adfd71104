import { defineRelease, env } from "slipway";
import { knexMigrations } from "slipway/compat/knex";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-knex",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: knexMigrations(),
    },
  },
});
