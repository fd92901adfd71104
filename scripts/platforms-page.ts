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

\`slipway gen docker\`, \`gen kubernetes\`, \`gen fly\`, \`gen heroku\`, \`gen render\`, \`gen github\`, \`gen gitlab\`, \`gen buildkite\` and \`gen circleci\` write the files that your platform reads. They are yours to change: Slipway never reads them again. This page shows the files for the blog example.

The same release gives the same files. A command leaves a file alone that exists and differs, unless you add \`--overwrite\`. \`--out FOLDER\` writes elsewhere, and \`--stdout\` prints.

Two guides take you through a deploy step by step: [Kubernetes](guides/deploy-on-kubernetes.md) and [Fly.io](guides/deploy-on-fly.md). The order is the same on every platform:

1. \`migrate --phase before\`, once, in the new image, before the new code starts. When it fails, the old code keeps serving.
2. The new code. Where pods start independently, each one first runs \`wait\`, which only looks.
3. \`migrate --phase after\`, when the old code is gone.
4. Data migrations and backfills, by hand.

[Deploying](deploy.md) says which migrations belong before and which after. [Commands](commands.md) has every flag.

You can cut off any run at any time and repeat it: see [reliability](reliability.md). So a limit of your platform, such as the five minutes of a release command, costs time and breaks nothing.
`;

const dockerWords = `\`\`\`
npx slipway gen docker --app src/server.ts      # or --app-dir dist, as npm run build makes it; with neither it only migrates
\`\`\`

Your lockfile decides between npm, pnpm and yarn. \`--node MAJOR\` takes another Node, \`--port N\` another port.
`;

const kubernetesWords = `\`\`\`
npx slipway release
npx slipway gen kubernetes --image registry.example/blog:2.4.0 --backfill 20210811035222
kubectl apply -f deploy/kubernetes
kubectl rollout status deployment/blog && kubectl apply -f deploy/kubernetes/after
\`\`\`

The name of each Job ends in a hash of the release. It is the digest of \`--image\` if it has one, else the hash of the built release in \`_release\`, or \`--hash HEX\`. Other flags: \`--namespace\`, \`--secret\`, \`--replicas\`, \`--port\`, \`--ready-path\`, \`--deadline SECONDS\`, \`--workers N\`.

Does a repo have tenants? Then \`--fleet --workers 4\` makes the Jobs before and after the deploy Indexed. Four pods run the same \`migrate\`. One of them runs the migrations that all share, and all four share the tenants ([fleets](fleets.md)). A pod whose tenants failed ends with 6, and Kubernetes does not try it again. The Job fails when the others are done.

The workers of a backfill are an Indexed Job too. The index does not choose the rows: each free worker claims its next batch in the database. But Kubernetes replaces every worker of an Indexed Job until that worker finds nothing left to do. A plain work queue starts no pod any more once the first worker has ended well, even when another dies a second later in the middle of its work.
`;

const initWords = `With \`--migrate-in-init\` there is no Job before the deploy: each pod migrates before it starts. One takes the lock, the others wait for it and then find nothing to do. You save a file, and you must find the right pod when you want the log. The Jobs for after the deploy and by hand stay.
`;

const helmWords = `\`--helm-hooks\` writes into \`templates/\`, for a chart in \`deploy/kubernetes\` or in the folder of \`--out\`. Helm runs hooks before it makes the objects of the chart. So the first install, which has no Secret yet, has a separate Job. It works with and without \`--wait\`. \`deployment.yaml\`, \`after/\` and \`by-hand/\` are as above.
`;

const argoWords = `\`--argo-sync-waves\` makes three waves. Argo CD begins each one when the one before is healthy. \`deployment.yaml\` is wave 0. \`migrate-after.yaml\`, beside it, is wave 1. \`by-hand/\` is a folder below, and Argo CD does not look into it unless you say so. A rollback in Argo CD runs no hooks: the pods of the older image run \`wait\`, which lets them start or says why not.
`;

const flyWords = `\`\`\`
npx slipway gen docker --app src/server.ts
npx slipway gen fly
\`\`\`
`;

const herokuWords = `Run \`npx slipway gen heroku\` beside \`gen docker\`. With a buildpack instead of Docker, write \`"heroku-postbuild": "slipway release"\` in package.json and a \`Procfile\` with \`release: _release/blog/bin/blog migrate --phase before\`. Heroku runs the release phase for \`heroku rollback\` too. The older release then has nothing to migrate.
`;

const renderWords = "Run `npx slipway gen render` beside `gen docker`.\n";

const githubWords = `Run \`npx slipway gen github\`. [Migrations in CI](guides/migrations-in-ci.md) takes you through it. \`--postgres MAJOR\` is the version of production, \`--branch NAME\` the branch that you merge into. Each repo gets a separate database, through the environment variable that your release reads its URL from.

The job judges new migrations [on the tables of production](safety.md#what-a-change-brings), and shows findings as annotations and in a summary. If your project has \`db/manifest.ts\`, it checks that too: see [bundlers](bundlers.md). The other CI servers have the same flags and steps.

It compares a push to \`--branch\` with the commit before it, as the server names it, and each push runs to its end. Some servers do not name it: a scheduled or manual run of GitLab CI, a run of CircleCI by its API, every push of Buildkite. There the job judges nothing, and says so; the pull request is the place for it. Do not add \`--all\`, which finds fault with migrations that ran long ago.
`;

const gitlabWords = `\`npx slipway gen gitlab\` writes a file to include. Findings are a Code Quality report, which GitLab shows in the merge request.
`;

const buildkiteWords = `\`npx slipway gen buildkite\` writes a pipeline to upload, for agents with Node and Docker. Findings become an annotation.
`;

const circleciWords = `Run \`npx slipway gen circleci\`. Findings are test results. It compares a pull request with \`--branch\`, because CircleCI does not say which branch it is for.
`;
