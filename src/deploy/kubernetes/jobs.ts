/** The Jobs of a release: before the deploy, after it, and by hand. */
import { because, type Yaml, type YamlMap } from "../reasoned.ts";
import type { KubernetesFacts } from "./facts.ts";
import { commandResources, confinedPod, container, labels } from "./pod.ts";

const day = 86_400;

/**
 * One Job for the changes that the new code needs. `annotations` say when to apply it; `part` is in
 * its name.
 */
export function migrateJob(
  facts: KubernetesFacts,
  { annotations, part = "migrate" }: { annotations?: YamlMap; part?: string } = {},
): YamlMap {
  return job(facts, {
    component: "migrate",
    metadata: { ...namedByHash(facts, part), annotations },
    spec: oneRun(facts),
    args: because("What the new code needs and the old code lives with.", [
      "migrate",
      "--phase",
      "before",
    ]),
    isOverTenants: facts.fleet,
  });
}

/** One Job for the changes that would break the old code. */
export function afterJob(facts: KubernetesFacts, annotations?: YamlMap): YamlMap {
  return job(facts, {
    component: "migrate-after",
    metadata: { ...namedByHash(facts, "after"), annotations },
    spec: oneRun(facts),
    args: because("What the old code would break on: drops, the last step of renames.", [
      "migrate",
      "--phase",
      "after",
    ]),
    isOverTenants: facts.fleet,
  });
}

/** A Job that a person creates to run the data migrations. */
export function dataJob(facts: KubernetesFacts): YamlMap {
  return job(facts, {
    component: "migrate-data",
    metadata: newEachTime(facts, "migrate-data"),
    spec: {
      backoffLimit: because(
        "A lost connection is worth another try, which continues from there.",
        3,
      ),
      activeDeadlineSeconds: because("Rows may take days; nothing waits for them.", 7 * day),
      ttlSecondsAfterFinished: because("Its log can be read for a week.", 7 * day),
    },
    args: ["migrate-data"],
  });
}

/** A Job of workers that share one backfill; a person creates it. */
export function backfillJob(facts: KubernetesFacts, version: string): YamlMap {
  const { workers } = facts;
  return job(facts, {
    component: "backfill",
    metadata: newEachTime(facts, `backfill-${version}`),
    spec: {
      completionMode: because(
        "Each worker counts by itself: without it, the first one that finds nothing left keeps the Job from replacing another that was killed.",
        "Indexed",
      ),
      completions: workers,
      parallelism: because(
        "They share the rows through the database, so any number is right; more than its free cores are no faster.",
        workers,
      ),
      backoffLimit: because("A worker that is killed costs one batch, so it is replaced.", 20),
      activeDeadlineSeconds: because("Rows may take days; nothing waits for them.", 7 * day),
      ttlSecondsAfterFinished: because("Its log can be read for a week.", 7 * day),
    },
    args: ["backfill", "work", version],
  });
}

type JobParts = {
  readonly component: string;
  readonly metadata: YamlMap;
  readonly spec: YamlMap;
  readonly args: Yaml;
  /** Whether it fails in the end where tenants failed. Default: `false`. */
  readonly isOverTenants?: boolean;
};

function job(
  facts: KubernetesFacts,
  { component, metadata, spec, args, isOverTenants = false }: JobParts,
): YamlMap {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...metadata, namespace: facts.namespace, labels: labels(facts, component) },
    spec: {
      ...spec,
      podFailurePolicy: {
        rules: [
          because("To be evicted is no failure, and counts as no try.", {
            action: "Ignore",
            onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
          }),
          because("4 is a refusal, such as an unsafe migration: it ends the same every time.", {
            action: "FailJob",
            onExitCodes: { containerName: component, operator: "In", values: [4] },
          }),
          ...(isOverTenants ? [tenantsFailed(component)] : []),
        ],
      },
      template: {
        metadata: {
          labels: labels(facts, component),
          annotations: because("Not to be moved to another node in the middle of a statement.", {
            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
            "karpenter.sh/do-not-disrupt": "true",
          }),
        },
        spec: {
          restartPolicy: because(
            "A failed pod stays, with its log; the Job starts a new one.",
            "Never",
          ),
          ...confinedPod("It talks to the database and not to the cluster."),
          containers: [container(facts, { name: component, args, resources: commandResources })],
        },
      },
    },
  };
}

function namedByHash({ name, hash }: KubernetesFacts, part: string): YamlMap {
  return {
    name: because(
      "Ends in the hash of the release: a Job cannot be changed, so each release has its own.",
      `${name}-${part}-${hash}`,
    ),
  };
}

function newEachTime({ name }: KubernetesFacts, part: string): YamlMap {
  return {
    generateName: because(
      "A new Job each time; kubectl apply refuses it, so no pipeline runs it by mistake.",
      `${name}-${part}-`,
    ),
  };
}

function tenantsFailed(component: string): Yaml {
  return because(
    "6: tenants failed. They are left alone, so another try would hide it; the other pods continue.",
    {
      action: "FailIndex",
      onExitCodes: { containerName: component, operator: "In", values: [6] },
    },
  );
}

/** One pod, or several that share the tenants. */
function tries({ fleet, workers }: KubernetesFacts): YamlMap {
  if (!fleet)
    return {
      backoffLimit: because(
        "A lost connection or node is worth another try, which continues from there.",
        3,
      ),
    };
  return {
    completionMode: because(
      "Each pod is replaced until it has found nothing left to do; Kubernetes 1.29 or newer.",
      "Indexed",
    ),
    completions: workers,
    parallelism: because(
      "They share the tenants through the database, so any number is right; each has 8 connections (--concurrency).",
      workers,
    ),
    backoffLimitPerIndex: because(
      "A lost connection or node is worth another try, which continues from there.",
      3,
    ),
  };
}

function oneRun(facts: KubernetesFacts): YamlMap {
  const { deadlineSeconds } = facts;
  return {
    ...tries(facts),
    activeDeadlineSeconds: because(
      "Then it is stopped at a safe point, lets its lock go, and can be run again.",
      deadlineSeconds,
    ),
    ttlSecondsAfterFinished: because("Its log can be read for a day.", day),
  };
}
