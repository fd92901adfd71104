/** Files for platforms, read by the parsers of their formats. */
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { parse as parseToml } from "smol-toml";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CheckFacts } from "../../src/deploy/checks.ts";
import { type DockerFacts, dockerFiles } from "../../src/deploy/docker.ts";
import { flyFiles } from "../../src/deploy/fly.ts";
import { githubFiles } from "../../src/deploy/github.ts";
import { herokuFiles } from "../../src/deploy/heroku.ts";
import { label } from "../../src/deploy/label.ts";
import { renderFiles } from "../../src/deploy/render.ts";
import { readWorkflow } from "./workflow-parser.ts";

const facts = { app: "my_app", name: "my-app", port: 4000 } as const;

describe("the Dockerfile", () => {
  const base: DockerFacts = { app: "my_app", packageManager: "npm", node: "24", port: 4000 };
  const cases: readonly (readonly [string, DockerFacts])[] = [
    ["that only migrates", base],
    [
      "of an app that the release bundles",
      { ...base, entry: { kind: "source", path: "src/server.ts" } },
    ],
    ["of an app that is built before", { ...base, entry: { kind: "folder", path: "dist" } }],
    ["with pnpm", { ...base, packageManager: "pnpm" }],
    ["with yarn", { ...base, packageManager: "yarn", node: "26" }],
  ];

  it.each(cases)(
    "%s is without fault, and its last stage has the release and nothing else",
    (_, given) => {
      const [dockerfile] = dockerFiles(given);
      expect(validate(dockerfile!.text)).toEqual([]);
      const parsed = DockerfileParser.parse(dockerfile!.text);
      const stages = parsed.getFROMs().map((from) => [from.getImage(), from.getBuildStage()]);
      const image = `node:${given.node}-trixie-slim`;
      expect(stages).toEqual([
        [image, "build"],
        [image, null],
      ]);
      const last = parsed.getFROMs()[1]!.getRange().start.line;
      const inLast = dockerfile!.text.split("\n").slice(last + 1);
      expect(inLast.filter((line) => /^(?:RUN|COPY|ADD|USER) /.test(line))).toEqual([
        "COPY --from=build /release /app",
        "USER 1000:1000",
      ]);
    },
  );

  it("says for each case how the release is built and what it starts", () => {
    const lines = cases.map(([, given]) => {
      const text = dockerFiles(given)[0]!.text;
      const said = /slipway release --out \/release(.*)$/m.exec(text)?.[1];
      return [said, /^RUN npm run build$/m.test(text), /^CMD (.*)$/m.exec(text)?.[1]];
    });
    const migrates = '["/app/bin/my_app", "migrate"]';
    const starts = '["/app/bin/my_app", "start"]';
    expect(lines).toEqual([
      ["", false, migrates],
      [" --app src/server.ts", false, starts],
      [" --app-dir dist", true, starts],
      ["", false, migrates],
      ["", false, migrates],
    ]);
  });

  it("leaves secrets and what is built anew out of the image's sight", () => {
    const lines = dockerFiles(base)[1]!.text.split("\n");
    expect(lines).toEqual(expect.arrayContaining([".env*", "node_modules", "_release", ".git"]));
  });
});

it("fly.toml migrates before a machine is changed, within a limit", () => {
  const [file] = flyFiles(facts);
  expect([file?.path, parseToml(file?.text ?? "")]).toEqual([
    "fly.toml",
    {
      app: "my-app",
      build: { dockerfile: "Dockerfile" },
      deploy: {
        release_command: "/app/bin/my_app migrate --phase before",
        release_command_timeout: "15m",
        strategy: "rolling",
      },
      env: { PORT: "4000" },
      http_service: { internal_port: 4000, force_https: true },
    },
  ]);
});

it("heroku.yml migrates in the release phase", () => {
  const [file] = herokuFiles(facts.app);
  expect([file?.path, parse(file?.text ?? "")]).toEqual([
    "heroku.yml",
    {
      build: { docker: { web: "Dockerfile" } },
      release: { image: "web", command: ["/app/bin/my_app migrate --phase before"] },
      run: { web: "/app/bin/my_app start" },
    },
  ]);
});

it("render.yaml migrates before the deploy, on the database beside it", () => {
  const [file] = renderFiles(facts);
  const { services, databases } = parse(file?.text ?? "");
  expect([file?.path, databases, services]).toMatchObject([
    "render.yaml",
    [{ name: "my-app-database" }],
    [
      {
        type: "web",
        name: "my-app",
        runtime: "docker",
        preDeployCommand: "/app/bin/my_app migrate --phase before",
        dockerCommand: "/app/bin/my_app start",
        envVars: [
          { key: "PORT", value: "4000" },
          {
            key: "DATABASE_URL",
            fromDatabase: { name: "my-app-database", property: "connectionString" },
          },
        ],
      },
    ],
  ]);
});

describe("the workflow", () => {
  const given: CheckFacts = {
    ...{ packageManager: "npm", node: "24", postgres: "18", branch: "main" },
    databases: [{ repo: "main", variable: "DATABASE_URL", kind: "postgres" }],
  };

  it.each([
    ["npm", "npm ci"],
    ["pnpm", "npm install --global pnpm && pnpm install --frozen-lockfile"],
    ["yarn", "yarn install --frozen-lockfile"],
  ] as const)(
    "of a project with %s is valid for GitHub's own parser",
    async (packageManager, install) => {
      const [file] = githubFiles({ ...given, packageManager });
      expect(file?.path).toBe(".github/workflows/migrations.yml");
      expect(await readWorkflow(file?.text ?? "")).toEqual({
        errors: [],
        runs: [
          install,
          'npx slipway check --base "$BASE" --format github --summary "$GITHUB_STEP_SUMMARY"',
          "npx slipway create",
          "npx slipway migrate",
          "npx slipway status --check",
          "npx slipway release",
        ],
      });
    },
  );

  it("keeps a manifest fresh where there is one", async () => {
    const [file] = githubFiles({ ...given, manifest: "db/manifest.ts" });
    const { runs } = await readWorkflow(file?.text ?? "");
    expect(runs[1]).toBe("npx slipway gen manifest --out db/manifest.ts --check");
  });

  it("is seen by that parser when it is wrong", async () => {
    const [file] = githubFiles(given);
    const { errors } = await readWorkflow(file?.text.replace("runs-on:", "run-on:") ?? "");
    expect(errors).not.toEqual([]);
  });
});

it.each([
  ["my_app", "my-app"],
  ["Blog", "blog"],
  ["_a__b_", "a-b"],
  ["x".repeat(40), "x".repeat(30)],
  ["日本", "app"],
])("%s is called %s on a platform", (app, name) => {
  expect(label(app)).toBe(name);
});
