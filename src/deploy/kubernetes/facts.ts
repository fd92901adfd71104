/** The facts that Kubernetes manifests are made from. Plain data. */
export type KubernetesFacts = {
  /** The name of the launcher: `my_app`. */
  readonly app: string;
  /** The name of everything in the cluster: `my-app`. */
  readonly name: string;
  readonly image: string;
  /** Hexadecimal digits of the built release: another release has others. */
  readonly hash: string;
  /** Default: the namespace that they are applied to. */
  readonly namespace?: string | undefined;
  /** The Secret with the variables that `release.ts` reads. */
  readonly secret: string;
  readonly port: number;
  /** The path that answers 200 when the app is ready. Default: an open port is enough. */
  readonly readyPath?: string | undefined;
  readonly replicas: number;
  /** Who applies them: kubectl, Helm with hooks, or Argo CD with sync waves. */
  readonly by: "kubectl" | "helm" | "argo";
  /** Who migrates before the new pods start: one Job, or an init container of each pod. */
  readonly migrates: "job" | "init";
  readonly deadlineSeconds: number;
  /** Versions of backfills that get a Job of workers. */
  readonly backfills: readonly string[];
  readonly workers: number;
  /** Whether a repo has tenants: then as many pods as there are workers migrate them together. */
  readonly fleet: boolean;
};
