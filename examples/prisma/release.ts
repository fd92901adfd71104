import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";

// The schema is prisma/schema.prisma. `npm run diff NAME` writes what makes it of the migrations that there are.
export const Release = defineRelease({
  app: "prisma_blog",
  repos: { main: { adapter: pglite({ dataDir: "data" }) } },
});
