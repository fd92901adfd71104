import { defineRelease, env } from "slipway";
import { sqlite } from "slipway/sqlite";

/** The one release of the monorepo: every app imports it from `@acme/db`. */
export const Release = defineRelease({
  app: "acme",
  // So that an app finds the migrations from wherever it is started.
  root: import.meta.dirname,
  repos: { main: { adapter: sqlite({ path: () => env("DATABASE_PATH") }) } },
});
