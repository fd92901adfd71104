import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";

// The schema is src/schema.ts. `npm run diff NAME` writes what makes it of the migrations that there are.
export const Release = defineRelease({
  app: "drizzle_blog",
  repos: { main: { adapter: pglite({ dataDir: "data" }) } },
});
