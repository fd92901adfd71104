/** docs/platforms.md: what the generators write for the blog example. */

import { buildkiteFiles } from "../src/deploy/buildkite.ts";
import type { CheckFacts } from "../src/deploy/checks.ts";
import { circleciFiles } from "../src/deploy/circleci.ts";
import { dockerFiles } from "../src/deploy/docker.ts";
import { flyFiles } from "../src/deploy/fly.ts";
import type { GeneratedFile } from "../src/deploy/generated-file.ts";
import { githubFiles } from "../src/deploy/github.ts";
import { gitlabFiles } from "../src/deploy/gitlab.ts";
import { herokuFiles } from "../src/deploy/heroku.ts";
import type { KubernetesFacts } from "../src/deploy/kubernetes/facts.ts";
import { kubernetesFiles } from "../src/deploy/kubernetes/files.ts";
import { renderFiles } from "../src/deploy/render.ts";

const platform = { app: "blog", name: "blog", port: 3000 };

const kubernetes: KubernetesFacts = {
  ...platform,
  image: "registry.example/blog:2.4.0",
  hash: "5f0c2d9a41",
  secret: "blog-database",
  replicas: 3,
  by: "kubectl",
  migrates: "job",
  deadlineSeconds: 3600,
  backfills: ["20210811035222"],
  workers: 2,
  fleet: false,
};

const folder = "deploy/kubernetes";

/** The whole page. */
export function platformsPage(): string {
  const docker = dockerFiles({
    app: "blog",
    packageManager: "npm",
    node: "24",
    port: 3000,
    entry: { kind: "source", path: "src/server.ts" },
  });
  const withKubectl = kubernetesFiles(kubernetes, folder);
  return [
    intro,
    section("## Docker", dockerWords, docker),
    section("## Kubernetes", kubernetesWords, withKubectl),
    section("### Each pod migrates", initWords, changed({ migrates: "init" }, "deployment.yaml")),
    section("### Helm", helmWords, changed({ by: "helm" }, "migrate.yaml", "migrate-install.yaml")),
    section("### Argo CD", argoWords, changed({ by: "argo" }, "migrate.yaml")),
    section("## Fly.io", flyWords, flyFiles(platform)),
    section("## Heroku", herokuWords, herokuFiles("blog")),
    section("## Render", renderWords, renderFiles(platform)),
    section("## GitHub Actions", githubWords, githubFiles(checked)),
    section("## GitLab CI", gitlabWords, gitlabFiles(checked)),
    section("## Buildkite", buildkiteWords, buildkiteFiles(checked)),
    section("## CircleCI", circleciWords, circleciFiles(checked)),
  ].join("\n");
}

const checked: CheckFacts = {
  ...{ packageManager: "npm", node: "24", postgres: "18", branch: "main" },
  databases: [{ repo: "main", variable: "DATABASE_URL", kind: "postgres" }],
};

function changed(
  facts: Partial<KubernetesFacts>,
  ...names: readonly string[]
): readonly GeneratedFile[] {
  return kubernetesFiles({ ...kubernetes, ...facts }, folder).filter(({ path }) =>
    names.some((name) => path === name || path.endsWith(`/${name}`)),
  );
}

function section(title: string, words: string, files: readonly GeneratedFile[]): string {
  const blocks = files.map(
    ({ path, text }) => `\`${path}\`:\n\n\`\`\`${languageOf(path)}\n${text}\`\`\`\n`,
  );
  return `${title}\n\n${words}\n${blocks.join("\n")}`;
}

function languageOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return "yaml";
  return path.endsWith(".toml") ? "toml" : path === "Dockerfile" ? "dockerfile" : "";
}

const intro = `# Platforms

\`slipway gen docker\`, \`gen kubernetes\`, \`gen fly\`, \`gen heroku\`, \`gen render\`, \`gen github\`, \`gen gitlab\`, \`gen buildkite\` and \`gen circleci\` write the files that a platform reads. They are yours to change: nothing in Slipway reads them again. The same release gives the same files; a file that is there and differs is left alone unless you add \`--overwrite\`; \`--out FOLDER\` writes elsewhere and \`--stdout\` prints. This page shows what they write for the blog example, and a test keeps it so.

All of them order a deploy alike:

1. \`migrate --phase before\`, once, in the new image, before the new code starts. When it fails, the old code goes on.
2. The new code. Where pods start on their own, each one first runs \`wait\`, which only looks.
3. \`migrate --phase after\`, when nothing of the old code is left.
4. Data migrations and backfills, by hand.

What makes a migration belong before or after is told in [deploy](deploy.md); every command in [commands](commands.md).

Every run may be cut off at any time and repeated: see [reliability](reliability.md). So a limit of a platform, such as the five minutes of a release command, costs time and breaks nothing.
`;

const dockerWords = `\`\`\`
npx slipway gen docker --app src/server.ts      # or --app-dir dist, as npm run build makes it; with neither it only migrates
\`\`\`

npm, pnpm or yarn by the lockfile, \`--node MAJOR\` for another Node, \`--port N\` for another port.
`;

const kubernetesWords = `\`\`\`
npx slipway release
npx slipway gen kubernetes --image registry.example/blog:2.4.0 --backfill 20210811035222
kubectl apply -f deploy/kubernetes
kubectl rollout status deployment/blog && kubectl apply -f deploy/kubernetes/after
\`\`\`

The Jobs are named by a hash of the release: that of the image when \`--image\` has a digest, else that of the built release in \`_release\`, or \`--hash HEX\`. Other flags: \`--namespace\`, \`--secret\`, \`--replicas\`, \`--port\`, \`--ready-path\`, \`--deadline SECONDS\`, \`--workers N\`.

Where a repo has tenants, \`--fleet --workers 4\` makes the Jobs before and after the deploy Indexed: four pods run the same \`migrate\`, one of them does what belongs to all, and all share the tenants ([fleets](fleets.md)). A pod whose tenants failed ends with 6 and is not tried again; the Job fails when the others are done.

A Job of workers for a backfill is Indexed. The index says nothing about which rows a worker takes, since those are claimed in the database, each batch by whoever is free. What Indexed gives is that every worker is replaced until it has found nothing left to do: a plain work queue starts no pod any more once the first worker ended well, also when another is killed a second later with work in its hands.
`;

const initWords = `\`--migrate-in-init\`: no Job before the deploy; each pod migrates before it starts. One takes the lock, the others wait for it and then have nothing to do. It saves a file and costs a look at the log of the right pod. The Jobs for after the deploy and by hand stay.
`;

const helmWords = `\`--helm-hooks\` writes into \`templates/\`, for a chart in \`deploy/kubernetes\` or wherever \`--out\` says. Hooks run before what the chart itself makes, so the first install, when the Secret is not there yet, has a Job of its own. It works with and without \`--wait\`. \`deployment.yaml\`, \`after/\` and \`by-hand/\` are as above.
`;

const argoWords = `\`--argo-sync-waves\`: three waves, each of which Argo CD begins when the one before is healthy. \`deployment.yaml\` is wave 0 and \`migrate-after.yaml\`, beside it, wave 1; \`by-hand/\` is a folder below, which Argo CD does not look into unless told so. A rollback in Argo CD runs no hooks: the older image's pods run \`wait\`, which lets them start or says why not.
`;

const flyWords = `\`\`\`
npx slipway gen docker --app src/server.ts
npx slipway gen fly
\`\`\`
`;

const herokuWords = `\`npx slipway gen heroku\` beside \`gen docker\`. With a buildpack in place of Docker the same is \`"heroku-postbuild": "slipway release"\` in package.json and a \`Procfile\` with \`release: _release/blog/bin/blog migrate --phase before\`. Heroku runs the release phase for \`heroku rollback\` too; the older release then has nothing to migrate.
`;

const renderWords = "`npx slipway gen render` beside `gen docker`.\n";

const githubWords = `\`npx slipway gen github\`; \`--postgres MAJOR\` is the version of production, \`--branch NAME\` the branch that changes are merged into. Each repo gets a database of its own, by the environment variable that your release takes its URL from. What the change brings is judged [against what production has](safety.md#what-a-change-brings); findings become annotations and a summary. With \`db/manifest.ts\` in the project it also checks that one: see [bundlers](bundlers.md). The flags and the steps of the other CI servers are the same. A push to \`--branch\` is judged against what was there before it, as the server says; each push runs to its end. Where a server does not say it (a scheduled or manual run of GitLab CI, a run of CircleCI by its API, every push of Buildkite), nothing is judged and nothing is said to be without findings: the pull request is what is judged. Do not put \`--all\` there, which finds fault with what has run long ago.
`;

const gitlabWords = `\`npx slipway gen gitlab\` writes a file to include; findings are a Code Quality report, which GitLab shows in the merge request.
`;

const buildkiteWords = `\`npx slipway gen buildkite\` writes a pipeline to upload, for agents with Node and Docker; findings become an annotation.
`;

const circleciWords = `\`npx slipway gen circleci\`; findings are test results. A pull request is compared with \`--branch\`, because CircleCI does not say which branch it is for.
`;
