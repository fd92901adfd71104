/** Facts → fly.toml. */
import type { GeneratedFile } from "./generated-file.ts";
import type { PlatformFacts } from "./platform-facts.ts";

/** A deploy on Fly.io that migrates before it changes a machine. */
export function flyFiles({ app, name, port }: PlatformFacts): readonly GeneratedFile[] {
  const launcher = `/app/bin/${app}`;
  const lines = [
    `# The Dockerfile comes from slipway gen docker. Once: fly launch --copy-config, which adds a region.`,
    `# Secrets: fly secrets set DATABASE_URL=… DIRECT_URL=…`,
    `# A pooler stands in front of Fly's Postgres: DIRECT_URL is the address of the database behind it, for release.ts:`,
    `#   postgres({ url: () => env("DATABASE_URL"), directUrl: () => env("DIRECT_URL") })`,
    `app = "${name}"`,
    "",
    "[build]",
    'dockerfile = "Dockerfile"',
    "",
    "[deploy]",
    "# Once for each deploy, on its own machine with the new image, before any other machine is changed.",
    "# When it fails, the deploy ends and the old machines keep serving. No volume is there, so this is not for SQLite.",
    `release_command = "${launcher} migrate --phase before"`,
    "# Fly kills it after this time, 5 minutes by default. That is safe: the next deploy continues where this one stopped.",
    "# What takes longer does not belong into a deploy. Run it before, with the new image; the deploy finds nothing to do:",
    "#   fly deploy --build-only --push",
    `#   fly console --image IMAGE --command "${launcher} migrate --phase before"`,
    'release_command_timeout = "15m"',
    "# One machine after the other, so that somebody always serves.",
    'strategy = "rolling"',
    "",
    "# After the deploy, when no old machine is left:",
    `#   fly console --command "${launcher} migrate --phase after"`,
    "# Data migrations, by hand:",
    `#   fly console --command "${launcher} migrate-data"`,
    "",
    "[env]",
    `PORT = "${port}"`,
    "",
    "[http_service]",
    `internal_port = ${port}`,
    "force_https = true",
    "",
  ];
  return [{ path: "fly.toml", text: lines.join("\n") }];
}
