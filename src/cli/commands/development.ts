/** The commands where sources are. A built release does not have those that are listed here. */
import type { CommandEntry } from "../command.ts";
import { commands } from "./index.ts";

// biome-ignore format: one line each
export const developmentCommands: readonly CommandEntry[] = [
  ...commands,
  { name: "check", words: "say what would stop readers or writers, before it runs", load: async () => (await import("./check.ts")).check },
  { name: "gen migration", words: "write a new migration file", load: async () => (await import("./gen-migration.ts")).genMigration },
  { name: "gen release", words: "write a release.ts", load: async () => (await import("./gen-release.ts")).genRelease },
  { name: "gen manifest", words: "write the module that carries the migrations into a bundle", load: async () => (await import("./gen-manifest.ts")).genManifest },
  { name: "release", words: "build the folder that is deployed", load: async () => (await import("./release.ts")).release },
];
