// The entry point into the app for everything that a release does to its databases.
import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "blog",
  root: import.meta.dirname,
  repos: {
    main: { adapter: postgres({ url: () => env("DATABASE_URL") }) },
  },
});
