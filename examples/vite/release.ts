import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
import { manifest } from "./db/manifest.ts";

export const Release = defineRelease({
  app: "vite_example",
  manifest,
  repos: { main: { adapter: sqlite({ path: "notes.db" }) } },
});
