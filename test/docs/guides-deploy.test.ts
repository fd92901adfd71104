/** Guides to CI, platforms and several databases, walked as they stand. */
import { spawnSync } from "node:child_process";
import { afterAll, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { walkGuide } from "./guides.ts";

const server = `import { createServer } from "node:http";

if (import.meta.main) createServer((_, response) => response.end("hello")).listen(8080);
`;

it("docs/guides/several-databases.md prints what stands there", async () => {
  const analytics = await freshDatabase();
  afterAll(() => analytics.drop());
  await walkGuide("several-databases", { env: { ANALYTICS_URL: analytics.url } });
}, 240_000);

it("docs/guides/migrations-in-ci.md prints what stands there", async () => {
  await walkGuide("migrations-in-ci", {
    empty: true,
    files: { ".gitignore": "node_modules\n_release\n" },
    prepare: (project) => {
      spawnSync("git", ["init", "--quiet", "--initial-branch", "main"], { cwd: project });
    },
    env: {
      ...{ GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.org" },
      ...{ GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@example.org" },
    },
  });
}, 240_000);

it.each(["deploy-on-kubernetes", "deploy-on-fly"])(
  "docs/guides/%s.md prints what stands there",
  async (name) => {
    const env = { SLIPWAY_NODE: process.execPath };
    await walkGuide(name, { files: { "src/server.ts": server }, env, empty: true });
  },
  240_000,
);
