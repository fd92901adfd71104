/** Facts → a workflow of CircleCI that checks migrations. */
import { type CheckFacts, checkSteps, installs, kindsOf, serverOf, urlsOf } from "./checks.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { because, type Yaml } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

const results = "test-results/migrations/results.xml";

/** A project has only one such file: if it exists, copy the job into it. */
export function circleciFiles(facts: CheckFacts): readonly GeneratedFile[] {
  const head = ["Checks the migrations of a change. It deploys nothing and needs no secret."];
  const servers = kindsOf(facts).map((kind) => serverOf(kind, facts));
  const config = {
    version: 2.1,
    jobs: {
      migrations: {
        docker: [
          {
            image: because("It has git, which the slim images lack.", `node:${facts.node}`),
            environment: urlsOf(facts, () => "localhost"),
          },
          ...servers.map(({ image, env }) => ({ image, environment: env })),
        ],
        steps: steps(facts),
      },
    },
    workflows: { migrations: { jobs: ["migrations"] } },
  };
  return [{ path: ".circleci/config.yml", text: yamlText(config, { head }) }];
}

function steps(facts: CheckFacts): readonly Yaml[] {
  const { branch, packageManager, folder } = facts;
  const own = checkSteps(facts, { base: '"$BASE"', report: `--format junit --output ${results}` });
  const within = folder === undefined ? {} : { working_directory: folder };
  const run = (name: string, command: string) => ({ run: { name, ...within, command } });
  const wait = kindsOf(facts).map((kind) => {
    const { port } = serverOf(kind, facts);
    const asks = `(exec 3<>/dev/tcp/localhost/${port}) 2>/dev/null`;
    return run(
      "The server answers",
      `for second in $(seq 60); do ${asks} && exit 0; sleep 1; done; exit 1`,
    );
  });
  const base = [
    `BASE="origin/${branch}"`,
    `if [ "$CIRCLE_BRANCH" = "${branch}" ]; then BASE="<< pipeline.git.base_revision >>"; fi`,
    'if [ -z "$BASE" ]; then BASE=HEAD; echo "CircleCI does not say what was there before: nothing is new"; fi',
  ].join("\n");
  return [
    "checkout",
    run("Packages", installs[packageManager]),
    ...wait,
    ...own.map(({ name, run: command }) =>
      command.includes(" check --base ")
        ? because(
            "CircleCI does not say which branch a pull request is for; of a push it says what it built before.",
            run(name, `mkdir -p test-results/migrations\n${base}\n${command}`),
          )
        : run(name, command),
    ),
    {
      store_test_results: {
        path: folder === undefined ? "test-results" : `${folder}/test-results`,
      },
    },
  ];
}
