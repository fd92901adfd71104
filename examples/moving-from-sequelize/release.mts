import { defineRelease, env } from "slipway";
import { sequelizeMigrations } from "slipway/compat/sequelize";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-sequelize",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: sequelizeMigrations(),
    },
  },
});
