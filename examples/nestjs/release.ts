import { defineRelease, env } from "slipway";
import { sqlite } from "slipway/sqlite";
import { manifest } from "./db/manifest.ts";

export const Release = defineRelease({
  app: "nestjs_example",
  manifest,
  repos: { main: { adapter: sqlite({ path: () => env("DATABASE_PATH") }) } },
});
