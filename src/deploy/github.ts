/** Facts → a GitHub workflow that checks migrations. */
import { type CheckFacts, checkSteps, installs, kindsOf, serverOf, urlsOf } from "./checks.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { because, type Yaml, type YamlMap } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

/**
 * Checks each pull request: is the change safe, do the migrations run from nothing, can the release
 * be built.
 */
export function githubFiles(facts: CheckFacts): readonly GeneratedFile[] {
  const head = ["Checks the migrations of a change. It deploys nothing and needs no secret."];
  const workflow = {
    name: "migrations",
    on: because("In quotes, because some readers of YAML take a bare on for true.", {
      pull_request: {},
      push: { branches: [facts.branch] },
    }),
    permissions: because("It reads the sources and nothing else.", { contents: "read" }),
    concurrency: because(
      "A newer commit of a pull request makes the run of the older one useless. Each push is judged against the one before it, so none is left out.",
      {
        group:
          // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub fills it in.
          "migrations-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
        "cancel-in-progress": true,
      },
    ),
    jobs: { migrations: job(facts) },
  };
  return [{ path: ".github/workflows/migrations.yml", text: yamlText(workflow, { head }) }];
}

function job(facts: CheckFacts): YamlMap {
  const kinds = kindsOf(facts);
  const services = kinds.map((kind) => [kind, service(kind, facts)] as const);
  return {
    "runs-on": "ubuntu-latest",
    "timeout-minutes": 15,
    defaults:
      facts.folder === undefined ? undefined : { run: { "working-directory": facts.folder } },
    services: kinds.length === 0 ? undefined : Object.fromEntries(services),
    env: {
      BASE: because(
        "What the change is compared with. A variable, so that no branch name is read as a command.",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub fills it in.
        "${{ github.event_name == 'pull_request' && format('origin/{0}', github.base_ref) || github.event.created && github.sha || github.event.before }}",
      ),
      ...urlsOf(facts, () => "localhost"),
    },
    steps: steps(facts),
  };
}

function service(kind: "postgres" | "mysql", facts: CheckFacts): YamlMap {
  const { image, port, env, health } = serverOf(kind, facts);
  return {
    image: because(
      "The major version of production: what blocks what differs between them.",
      image,
    ),
    env,
    ports: [`${port}:${port}`],
    options: because(
      "Nothing begins before the server answers.",
      `--health-cmd "${health}" --health-interval 2s --health-timeout 5s --health-retries 30`,
    ),
  };
}

function steps(facts: CheckFacts): readonly Yaml[] {
  const own = checkSteps(facts, {
    base: '"$BASE"',
    report: '--format github --summary "$GITHUB_STEP_SUMMARY"',
  });
  return [
    because("All commits, because the branch is compared with where it parted from its base.", {
      uses: "actions/checkout@v5",
      with: { "fetch-depth": 0 },
    }),
    { uses: "actions/setup-node@v5", with: { "node-version": facts.node } },
    { run: installs[facts.packageManager] },
    ...own.map(({ name, run, reason }) =>
      reason === undefined ? { name, run } : because(reason, { name, run }),
    ),
  ];
}
