import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "shop",
  root: import.meta.dirname,
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
