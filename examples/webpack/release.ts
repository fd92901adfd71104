import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";
import { manifest } from "./db/manifest.ts";

export const Release = defineRelease({
  app: "webpack_example",
  manifest,
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
