import { defineRelease, env } from "slipway";
import { typeormMigrations } from "slipway/compat/typeorm";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-typeorm",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: typeormMigrations(),
    },
  },
});
