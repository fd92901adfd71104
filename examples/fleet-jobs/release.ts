// The tenants of examples/fleet, on a server.
import { join } from "node:path";
import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "fleet",
  root: join(import.meta.dirname, "..", "fleet"),
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      tenants: {
        schemas: async (db) =>
          (await db.query<{ name: string }>("SELECT name FROM tenants")).map(({ name }) => name),
      },
    },
  },
});
