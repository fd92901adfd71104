import { defineRelease, env } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "health",
  version: "1.0.0",
  repos: {
    main: {
      adapter: sqlite({ path: () => env("DATABASE_PATH") }),
      migrations: {
        "20210702012346_create_users": {
          up: "create table users (id integer primary key)",
          down: "drop table users",
        },
      },
    },
  },
});
