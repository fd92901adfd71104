/** The part of a Deployment that has to do with migrations, in one that can be applied. */
import { because, type Yaml, type YamlMap } from "../reasoned.ts";
import type { KubernetesFacts } from "./facts.ts";
import { commandResources, confinedPod, container, labels } from "./pod.ts";

/** The longest time that `wait` waits for the migrations, in seconds. */
const waitSeconds = 600;

/** The app's pods, which start when their database is ready for them. */
export function deployment(facts: KubernetesFacts, annotations?: YamlMap): YamlMap {
  const { name, namespace, replicas, port } = facts;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, annotations, labels: labels(facts, "app") },
    spec: {
      replicas,
      progressDeadlineSeconds: because("Longer than the pods may wait for the migrations.", 900),
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: {
          maxUnavailable: because(
            "Old pods serve until new ones are ready: if the migration fails, they keep serving.",
            0,
          ),
          maxSurge: 1,
        },
      },
      selector: { matchLabels: labels(facts, "app") },
      template: {
        metadata: { labels: labels(facts, "app") },
        spec: {
          ...confinedPod(
            "Migrations need no token; an app that asks the cluster for something does.",
          ),
          initContainers: [firstContainer(facts)],
          containers: [
            container(facts, {
              name: "app",
              args: ["start"],
              writes: "/tmp",
              env: [{ name: "PORT", value: String(port) }],
              ports: [{ name: "http", containerPort: port }],
              readinessProbe: readinessProbe(facts),
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            }),
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  };
}

function firstContainer(facts: KubernetesFacts): YamlMap {
  if (facts.migrates === "init") {
    return container(facts, {
      name: "migrate",
      args: because(
        "Each pod does this; one of them migrates, the others wait for its lock and find nothing to do.",
        ["migrate", "--phase", "before"],
      ),
      resources: commandResources,
    });
  }
  return container(facts, {
    name: "wait",
    args: because(
      "Ends when nothing that this release needs is pending. It only looks: no lock, and no right but SELECT.",
      ["wait", "--timeout", String(waitSeconds)],
    ),
    resources: commandResources,
  });
}

function readinessProbe({ readyPath }: KubernetesFacts): Yaml {
  if (readyPath !== undefined) return { httpGet: { path: readyPath, port: "http" } };
  return because(
    "It asks for an open port only. With slipway/http in the app: --ready-path /health/ready",
    { tcpSocket: { port: "http" } },
  );
}
