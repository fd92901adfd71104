import { defineRelease, env } from "slipway";
import { mikroOrmMigrations } from "slipway/compat/mikro-orm";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "moving-from-mikro-orm",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      migrations: "migrations",
      modules: mikroOrmMigrations(),
    },
  },
});
