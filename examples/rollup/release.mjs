import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
import { manifest } from "./db/manifest.mjs";

export const Release = defineRelease({
  app: "rollup_example",
  manifest,
  repos: { main: { adapter: sqlite({ path: "notes.db" }) } },
});
