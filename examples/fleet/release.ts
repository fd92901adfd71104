// A schema for each tenant, on PostgreSQL inside this process: `npx slipway migrate` in this folder.
import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";

export const Release = defineRelease({
  app: "fleet",
  root: import.meta.dirname,
  repos: {
    main: {
      adapter: pglite({ dataDir: `${import.meta.dirname}/.data` }),
      tenants: {
        schemas: async (db) =>
          (await db.query<{ name: string }>("SELECT name FROM tenants")).map(({ name }) => name),
      },
    },
  },
});
