/** Facts → a GitHub workflow that checks migrations. */
import type { PackageManager } from "./docker.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { because, type Yaml, type YamlMap } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

export type GithubFacts = {
  readonly packageManager: PackageManager;
  /** The major version of Node. */
  readonly node: string;
  /** The major version of PostgreSQL. */
  readonly postgres: string;
  /** Where the manifest of a bundle lies. Default: there is none to be kept fresh. */
  readonly manifest?: string | undefined;
};

const installs: { readonly [Manager in PackageManager]: string } = {
  npm: "npm ci",
  pnpm: "npm install --global pnpm && pnpm install --frozen-lockfile",
  yarn: "yarn install --frozen-lockfile",
};

/** Each pull request: are the migrations safe, do they run from nothing, can the release be built. */
export function githubFiles(facts: GithubFacts): readonly GeneratedFile[] {
  const head = ["Checks the migrations of a change. It deploys nothing and needs no secret."];
  const workflow = {
    name: "migrations",
    on: because("In quotes, because some readers of YAML take a bare on for true.", {
      pull_request: {},
      push: { branches: ["main"] },
    }),
    permissions: because("It reads the sources and nothing else.", { contents: "read" }),
    concurrency: because("A newer commit makes the run of the older one useless.", {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub fills it in.
      group: "migrations-${{ github.ref }}",
      "cancel-in-progress": true,
    }),
    jobs: { migrations: job(facts) },
  };
  return [{ path: ".github/workflows/migrations.yml", text: yamlText(workflow, { head }) }];
}

function job(facts: GithubFacts): YamlMap {
  return {
    "runs-on": "ubuntu-latest",
    "timeout-minutes": 15,
    services: {
      postgres: {
        image: because(
          "The major version of production: what blocks what differs between them.",
          `postgres:${facts.postgres}`,
        ),
        env: { POSTGRES_PASSWORD: "postgres" },
        ports: ["5432:5432"],
        options: because(
          "Nothing begins before the server answers.",
          "--health-cmd pg_isready --health-interval 2s --health-timeout 5s --health-retries 30",
        ),
      },
    },
    env: { DATABASE_URL: "postgres://postgres:postgres@localhost:5432/postgres" },
    steps: steps(facts),
  };
}

function steps({ packageManager, node, manifest }: GithubFacts): readonly Yaml[] {
  const run = (name: string, command: string) => ({ name, run: command });
  const fresh =
    manifest === undefined
      ? []
      : [
          run(
            "The bundle's manifest is fresh",
            `npx slipway gen manifest --out ${manifest} --check`,
          ),
        ];
  return [
    { uses: "actions/checkout@v5" },
    { uses: "actions/setup-node@v5", with: { "node-version": node } },
    { run: installs[packageManager] },
    ...fresh,
    because(
      "Needs libpg-query among the development dependencies: PostgreSQL's own parser.",
      run("Safe under traffic: locks, rewrites, what old code breaks on", "npx slipway check"),
    ),
    run("All of them run on an empty database", "npx slipway migrate"),
    run("Nothing is left pending", "npx slipway status --check"),
    run("The release can be built", "npx slipway release"),
  ];
}
