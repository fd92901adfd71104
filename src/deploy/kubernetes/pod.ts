/** The parts that all pods of a release share. */
import { because, type Yaml, type YamlMap } from "../reasoned.ts";
import type { KubernetesFacts } from "./facts.ts";

/** Labels by which the parts of an app are found. */
export function labels({ name }: KubernetesFacts, component: string): YamlMap {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
}

/** The settings of a pod that keep it small; `noToken` says why it gets no token for the cluster. */
export function confinedPod(noToken: string): YamlMap {
  return {
    automountServiceAccountToken: because(noToken, false),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: because("The user of the image that slipway gen docker describes.", 1000),
      runAsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/** A container that runs one command of the release. */
export function container(
  facts: KubernetesFacts,
  own: { readonly name: string; readonly args: Yaml; readonly writes?: string } & YamlMap,
): YamlMap {
  const { name, args, writes = "the database", ...more } = own;
  return {
    name,
    image: facts.image,
    command: [`/app/bin/${facts.app}`],
    args,
    envFrom: because("What release.ts reads, such as DATABASE_URL: the same for all containers.", [
      { secretRef: { name: facts.secret } },
    ]),
    ...more,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: because(`It writes to ${writes} and nowhere else.`, true),
      capabilities: { drop: ["ALL"] },
    },
  };
}

/** The resources of commands that end, whatever the size of the app. */
export const commandResources: YamlMap = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: because("No limit for CPU: a lock would be held for longer.", { memory: "512Mi" }),
};
