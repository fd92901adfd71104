/** The commands where sources are. A built release does not have those that are listed here. */
import type { CommandEntry } from "../command.ts";
import { commands } from "./index.ts";

// biome-ignore format: one line each
export const developmentCommands: readonly CommandEntry[] = [
  ...commands,
  { name: "setup", words: "create, migrate and seed: everything a fresh clone needs", load: async () => (await import("./setup.ts")).setup },
  { name: "seed", words: "run db/<repo>/seeds.ts", load: async () => (await import("./seed.ts")).seed },
  { name: "squash", words: "replace all migrations up to a version by one, for new databases", load: async () => (await import("./squash.ts")).squash },
  { name: "redo", destroys: true, words: "roll the newest migration back and run it again (development)", load: async () => (await import("./redo.ts")).redo },
  { name: "reset", destroys: true, words: "drop the databases and set them up again (development)", load: async () => (await import("./reset.ts")).reset },
  { name: "dashboard", words: "show in a browser what the databases are doing", load: async () => (await import("./dashboard.ts")).dashboard },
  { name: "completion", words: "print completions for bash, zsh or fish", load: async () => (await import("./completion.ts")).completion },
  { name: "init", words: "look at your project, and write what it needs to use Slipway", load: async () => (await import("./init.ts")).init },
  { name: "adopt", words: "take over the history of another tool", load: async () => (await import("./adopt.ts")).adopt },
  { name: "check", words: "show what would stop readers or writers, before it runs", load: async () => (await import("./check.ts")).check },
  { name: "gen migration", words: "write a new migration file", load: async () => (await import("./gen-migration.ts")).genMigration },
  { name: "gen baseline", words: "write the schema of a live database as the first migration", load: async () => (await import("./gen-baseline.ts")).genBaseline },
  { name: "gen types", words: "write the tables as TypeScript types for Kysely", load: async () => (await import("./gen-types.ts")).genTypes },
  { name: "gen release", words: "write a release.ts", load: async () => (await import("./gen-release.ts")).genRelease },
  { name: "gen manifest", words: "write the module that carries the migrations into a bundle", load: async () => (await import("./gen-manifest.ts")).genManifest },
  { name: "gen docker", words: "write a Dockerfile that builds the release", load: async () => (await import("./gen-docker.ts")).genDocker },
  { name: "gen kubernetes", words: "write the manifests that migrate, wait and deploy", load: async () => (await import("./gen-kubernetes.ts")).genKubernetes },
  { name: "gen fly", words: "write fly.toml", load: async () => (await import("./gen-fly.ts")).genFly },
  { name: "gen heroku", words: "write heroku.yml", load: async () => (await import("./gen-heroku.ts")).genHeroku },
  { name: "gen render", words: "write render.yaml", load: async () => (await import("./gen-render.ts")).genRender },
  { name: "gen github", words: "write a GitHub workflow that checks the migrations of a change", load: async () => (await import("./gen-github.ts")).genGithub },
  { name: "gen gitlab", words: "write a job of GitLab CI that checks the migrations of a change", load: async () => (await import("./gen-gitlab.ts")).genGitlab },
  { name: "gen buildkite", words: "write a step of a Buildkite pipeline that checks the migrations of a change", load: async () => (await import("./gen-buildkite.ts")).genBuildkite },
  { name: "gen circleci", words: "write a workflow of CircleCI that checks the migrations of a change", load: async () => (await import("./gen-circleci.ts")).genCircleci },
  { name: "gen rule-docs", words: "write a page for each safety rule", load: async () => (await import("./gen-rule-docs.ts")).genRuleDocs },
  { name: "release", words: "build the folder that you deploy", load: async () => (await import("./release.ts")).release },
];
