/** Facts → a job of GitLab CI that checks migrations. */
import { type CheckFacts, checkSteps, installs, kindsOf, serverOf, urlsOf } from "./checks.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { because, type YamlMap } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

const report = "gl-code-quality-report.json";

/** A file for `include`, because a project has but one .gitlab-ci.yml. */
export function gitlabFiles(facts: CheckFacts): readonly GeneratedFile[] {
  const path = ".gitlab/migrations.gitlab-ci.yml";
  const head = [
    "Checks the migrations of a change. It deploys nothing and needs no secret. In .gitlab-ci.yml:",
    `  include: [{ local: ${path} }]`,
  ];
  return [{ path, text: yamlText({ migrations: job(facts) }, { head }) }];
}

function job(facts: CheckFacts): YamlMap {
  const kinds = kindsOf(facts);
  const servers = kinds.map((kind) => ({ kind, ...serverOf(kind, facts) }));
  const steps = checkSteps(facts, {
    base: '"$BASE"',
    report: `--format gitlab --output ${report}`,
  });
  return {
    image: because("It has git, which the slim images lack.", `node:${facts.node}`),
    timeout: "15m",
    rules: [
      { if: '$CI_PIPELINE_SOURCE == "merge_request_event"', interruptible: true },
      because("Each push is judged against the one before it, so none is left out.", {
        if: `$CI_COMMIT_BRANCH == "${facts.branch}"`,
        interruptible: false,
      }),
    ],
    services:
      servers.length === 0
        ? undefined
        : servers.map(({ kind, image }) => ({ name: image, alias: kind })),
    variables: {
      GIT_DEPTH: because(
        "All commits, because the branch is compared with where it parted from its base.",
        "0",
      ),
      ...Object.assign({}, ...servers.map(({ env }) => env)),
      ...urlsOf(facts, (kind) => kind),
    },
    script: [
      ...(facts.folder === undefined ? [] : [`cd "${facts.folder}"`]),
      installs[facts.packageManager],
      because(
        "What it is compared with. A scheduled or manual run has zeros there, and nothing that is new.",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in.
        'BASE="${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA}"; case "$BASE" in *[!0]*) ;; *) BASE=HEAD ;; esac',
      ),
      ...steps.map(({ run, name }) => because(name, run)),
    ],
    artifacts: because("Shown beside the lines of the merge request, also when the job fails.", {
      when: "always",
      reports: {
        codequality: facts.folder === undefined ? report : `${facts.folder}/${report}`,
      },
    }),
  };
}
