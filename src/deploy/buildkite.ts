/** Facts → a step of a Buildkite pipeline that checks migrations, on an agent with Node and Docker. */
import { type CheckFacts, checkSteps, installs, kindsOf, serverOf, urlsOf } from "./checks.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { because, type Yaml } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

const compose = ".buildkite/migrations.compose.yml";
const summary = "migrations.md";

/** The pipeline, and the servers that it starts. */
export function buildkiteFiles(facts: CheckFacts): readonly GeneratedFile[] {
  const { folder } = facts;
  const path = ".buildkite/migrations.yml";
  const head = [
    "Checks the migrations of a change. It deploys nothing and needs no secret. In your pipeline:",
    `  steps: [{ command: buildkite-agent pipeline upload ${path} }]`,
  ];
  const pipeline = {
    steps: [
      {
        label: "migrations",
        timeout_in_minutes: 15,
        env: urlsOf(facts, () => "localhost"),
        commands: commands(facts),
        artifact_paths: [folder === undefined ? summary : `${folder}/${summary}`],
      },
    ],
  };
  const kinds = kindsOf(facts);
  const files = [{ path, text: yamlText(pipeline, { head }) }];
  return kinds.length === 0 ? files : [...files, { path: compose, text: composeText(facts) }];
}

/** One script: the shell is the same from the first line to the last. */
function commands(facts: CheckFacts): readonly Yaml[] {
  const steps = checkSteps(facts, { base: "FETCH_HEAD", report: `--summary ${summary}` });
  const annotate = `{ code=$$?; [ ! -f ${summary} ] || buildkite-agent annotate --context migrations --style error < ${summary}; exit $$code; }`;
  const { folder } = facts;
  const top = folder === undefined ? "" : `${folder.replaceAll(/[^/]+/g, "..")}/`;
  const up = `docker compose --file ${top}${compose}`;
  return [
    ...(folder === undefined ? [] : [`cd "${folder}"`]),
    ...(facts.databases.length === 0
      ? []
      : [
          because("The servers end with the script, however it ends.", `trap '${up} down' EXIT`),
          `${up} up --detach --wait`,
        ]),
    installs[facts.packageManager],
    ...steps.map(({ name, run }) =>
      run.includes(" check --base ")
        ? because(
            `${name}. Of a push Buildkite does not say what was there before. Two signs, because one would be filled in at the upload.`,
            [
              `if [ "$$BUILDKITE_BRANCH" = "${facts.branch}" ] && [ "$\${BUILDKITE_PULL_REQUEST:-false}" = false ]; then`,
              '  echo "Pull requests are judged; of a push nothing says what it is to be compared with"',
              "else",
              `  git fetch origin "$\${BUILDKITE_PULL_REQUEST_BASE_BRANCH:-${facts.branch}}"`,
              `  ${run} || ${annotate}`,
              "fi",
            ].join("\n"),
          )
        : because(name, run),
    ),
  ];
}

function composeText(facts: CheckFacts): string {
  const services = kindsOf(facts).map((kind) => {
    const { image, port, env, health } = serverOf(kind, facts);
    const healthcheck = { test: ["CMD-SHELL", health], interval: "2s", timeout: "5s", retries: 30 };
    return [kind, { image, environment: env, ports: [`${port}:${port}`], healthcheck }] as const;
  });
  return yamlText({ services: Object.fromEntries(services) });
}
