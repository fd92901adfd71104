// The entry point into the app for everything that a release does to its databases.
import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";
import { postgres } from "slipway/postgres";

const url = process.env.DATABASE_URL;

export const Release = defineRelease({
  app: "blog",
  root: import.meta.dirname,
  repos: {
    main: {
      // A server when there is one, else PostgreSQL inside this process.
      adapter: url ? postgres({ url }) : pglite({ dataDir: `${import.meta.dirname}/.data` }),
    },
  },
});
