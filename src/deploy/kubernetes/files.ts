/** Facts → the manifests of a release, one file each. Deterministic. */
import type { GeneratedFile } from "../generated-file.ts";
import type { YamlMap } from "../reasoned.ts";
import { yamlText } from "../yaml-text.ts";
import { deployment } from "./deployment.ts";
import type { KubernetesFacts } from "./facts.ts";
import { afterJob, backfillJob, dataJob, migrateJob } from "./jobs.ts";

/** The manifests; the comments in them call their place `folder`. */
export function kubernetesFiles(facts: KubernetesFacts, folder: string): readonly GeneratedFile[] {
  const place = { facts, folder };
  return [...deployFiles(place), ...byHand(place)].map(({ path, head, value, tail }) => ({
    path,
    text: yamlText(value, { head, tail }),
  }));
}

type Place = { readonly facts: KubernetesFacts; readonly folder: string };
type Manifest = {
  readonly path: string;
  readonly head: readonly string[];
  readonly value: YamlMap;
  readonly tail?: readonly string[];
};

function deployFiles(place: Place): readonly Manifest[] {
  switch (place.facts.by) {
    case "kubectl":
      return withKubectl(place);
    case "helm":
      return withHelm(place);
    case "argo":
      return withArgo(place);
  }
}

function withKubectl({ facts, folder }: Place): readonly Manifest[] {
  const { app, name, secret } = facts;
  const job: Manifest = {
    path: "migrate.yaml",
    head: [
      `Before the deploy: brings the database to where this release of ${app} needs it.`,
      `Once: kubectl create secret generic ${secret} --from-literal=DATABASE_URL=postgres://…`,
      `Each deploy: kubectl apply -f ${folder}`,
      "That applies deployment.yaml too, whose pods wait for this Job. It leaves the sub-folders out, on purpose.",
    ],
    value: migrateJob(facts),
  };
  return [
    ...(facts.migrates === "init" ? [] : [job]),
    { path: "deployment.yaml", head: deploymentHead(facts), value: deployment(facts) },
    {
      path: "after/migrate-after.yaml",
      head: afterHead(facts, [
        `kubectl rollout status deployment/${name} && kubectl apply -f ${folder}/after`,
      ]),
      value: afterJob(facts),
    },
  ];
}

function withHelm({ facts, folder }: Place): readonly Manifest[] {
  const { app, secret } = facts;
  return [
    {
      path: "templates/migrate.yaml",
      head: [
        `Upgrades: brings the database to where this release of ${app} needs it, before anything else is changed.`,
        "When it fails, helm upgrade fails and the old pods keep serving.",
        `It sees the Secret ${secret} as the last release left it: a variable that is new in this one must be there before.`,
      ],
      value: migrateJob(facts, {
        annotations: {
          "helm.sh/hook": "pre-upgrade",
          "helm.sh/hook-delete-policy": "before-hook-creation",
        },
      }),
    },
    {
      path: "templates/migrate-install.yaml",
      head: [
        "The first install: an ordinary Job, no hook, since hooks run before the chart's own Secret is there, and",
        "post-install hooks, with --wait, only after the pods are ready that wait for this. The pods wait for it.",
        "The next line and the last one are for Helm, to whom YAML's comments are text like any other.",
        "{{ if .Release.IsInstall }}",
      ],
      value: migrateJob(facts, { part: "install" }),
      tail: ["{{ end }}"],
    },
    { path: "templates/deployment.yaml", head: deploymentHead(facts), value: deployment(facts) },
    {
      path: "after/migrate-after.yaml",
      head: afterHead(facts, [
        `helm upgrade --wait … && kubectl apply -f ${folder}/after`,
        "Not a post-upgrade hook: without --wait Helm runs those at once, while old pods serve.",
      ]),
      value: afterJob(facts),
    },
  ];
}

function withArgo({ facts }: Place): readonly Manifest[] {
  const { app, secret } = facts;
  const hook = (wave: string): YamlMap => ({
    "argocd.argoproj.io/hook": "Sync",
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
    "argocd.argoproj.io/sync-wave": wave,
  });
  const job: Manifest = {
    path: "migrate.yaml",
    head: [
      `Wave -1, before the pods: brings the database to where this release of ${app} needs it.`,
      "A Sync hook, not PreSync: at the first install PreSync runs before the application's own Secret is there.",
      `A Secret ${secret} of this application belongs to wave -2. A hook, so that Argo does not miss the Job once it is removed.`,
    ],
    value: migrateJob(facts, { annotations: hook("-1") }),
  };
  return [
    ...(facts.migrates === "init" ? [] : [job]),
    {
      path: "deployment.yaml",
      head: deploymentHead(facts),
      value: deployment(facts, { "argocd.argoproj.io/sync-wave": "0" }),
    },
    {
      path: "migrate-after.yaml",
      head: afterHead(facts, [
        "Wave 1: Argo begins it when wave 0 is healthy, and a Deployment is healthy when its old pods are gone.",
      ]),
      value: afterJob(facts, hook("1")),
    },
  ];
}

function deploymentHead({ migrates, image }: KubernetesFacts): readonly string[] {
  const who = migrates === "init" ? "migrates first" : "waits for its migrations";
  return [
    `The app, each of whose pods ${who}. Take initContainers and strategy into a Deployment that you have.`,
    `A rollback is the same file with the image before ${image}: it starts as long as no after-phase migration ran.`,
  ];
}

function afterHead(facts: KubernetesFacts, how: readonly string[]): readonly string[] {
  return [`After the deploy, when no pod of an older ${facts.app} is left:`, ...how];
}

function byHand({ facts, folder }: Place): readonly Manifest[] {
  const create = (path: string) => `kubectl create -f ${folder}/${path}`;
  const backfills = facts.backfills.map((version): Manifest => {
    const path = `by-hand/backfill-${version}.yaml`;
    return {
      path,
      head: [
        `${facts.workers} workers that share the backfill ${version}. By hand only: ${create(path)}`,
        "It may be stopped and created again at any time: what is done stays done.",
      ],
      value: backfillJob(facts, version),
    };
  });
  const path = "by-hand/migrate-data.yaml";
  const head = [
    `Data migrations, which no deploy runs. By hand only: ${create(path)}`,
    "It may be stopped and created again at any time: what is done stays done.",
  ];
  return [{ path, head, value: dataJob(facts) }, ...backfills];
}
