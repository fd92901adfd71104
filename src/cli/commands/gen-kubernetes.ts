import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import { warning } from "../../core/model/warnings.ts";
import type { KubernetesFacts } from "../../deploy/kubernetes/facts.ts";
import { kubernetesFiles } from "../../deploy/kubernetes/files.ts";
import { label } from "../../deploy/label.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { type FlagValues, flag, value, values } from "../flags.ts";
import { projectRoot, releaseApp } from "../generate/project-facts.ts";
import { hash, image, kubernetesName, port, urlPath } from "../generate/values.ts";
import { generatedFlags, generatedFolder, writeGenerated } from "../generate/write-generated.ts";
import { count, version } from "../parse.ts";

const kubernetesFlags = {
  image: value("--image <reference>", "the image of this release (required)", image),
  hash: value(
    "--hash <hex>",
    "a name for this release's Jobs; default: digest of the image, or hash of the release",
    hash,
  ),
  helmHooks: flag("--helm-hooks", "for a Helm chart"),
  argoSyncWaves: flag("--argo-sync-waves", "for Argo CD"),
  migrateInInit: flag("--migrate-in-init", "no Job: each pod migrates before it starts"),
  backfill: values("--backfill <version>", "a Job of workers for this backfill", version),
  fleet: flag("--fleet", "let --workers pods migrate the tenants together"),
  workers: value(
    "--workers <n>",
    "workers of a backfill, and with --fleet of a run; default 2",
    count,
  ),
  deadline: value("--deadline <seconds>", "how long migrating may take; default 3600", count),
  namespace: value(
    "--namespace <name>",
    "the namespace; default: the one that you apply them to",
    kubernetesName,
  ),
  secret: value(
    "--secret <name>",
    "the Secret with what release.ts reads; default <app>-database",
    kubernetesName,
  ),
  replicas: value("--replicas <n>", "how many pods the app has; default 2", count),
  port: value("--port <n>", "where the app listens; default 3000", port),
  readyPath: value("--ready-path <path>", "a path that answers 200 when the app is ready", urlPath),
  ...generatedFlags,
};

type Flags = FlagValues<typeof kubernetesFlags>;

/** `gen kubernetes`: writes the manifests that migrate, wait and deploy. */
export const genKubernetes = defineCommand({
  flags: kubernetesFlags,
  async run({ flags, context }) {
    const by = whoApplies(flags);
    const imageName = imageOf(flags, context);
    const app = await releaseApp(context);
    const facts: KubernetesFacts = {
      ...{ app, name: label(app), image: imageName, by },
      hash: hashOf(flags, { app, context }).slice(0, 10),
      namespace: flags.namespace,
      secret: flags.secret ?? `${label(app)}-database`,
      port: flags.port ?? 3000,
      readyPath: flags.readyPath,
      replicas: flags.replicas ?? 2,
      migrates: flags.migrateInInit === true ? "init" : "job",
      deadlineSeconds: flags.deadline ?? 3600,
      backfills: (flags.backfill ?? []).map(String),
      workers: flags.workers ?? 2,
      fleet: flags.fleet === true,
    };
    const place = { flags, context, folder: "deploy/kubernetes" };
    const shown = relative(projectRoot(context), generatedFolder(place)).replaceAll("\\", "/");
    return writeGenerated(kubernetesFiles(facts, shown || "."), place);
  },
});

/** @throws {ReleaseError} `targets_conflict` */
function whoApplies({
  helmHooks,
  argoSyncWaves,
  migrateInInit,
  fleet,
}: Flags): KubernetesFacts["by"] {
  const conflict = (given: readonly string[]) => new ReleaseError("targets_conflict", { given });
  if (helmHooks && argoSyncWaves) throw conflict(["--helm-hooks", "--argo-sync-waves"]);
  if (helmHooks && migrateInInit) throw conflict(["--helm-hooks", "--migrate-in-init"]);
  if (fleet && migrateInInit) throw conflict(["--fleet", "--migrate-in-init"]);
  if (helmHooks) return "helm";
  return argoSyncWaves ? "argo" : "kubectl";
}

/** Tells of a tag that moves: pods would not be replaced when it does. */
function imageOf({ image: given }: Flags, { world }: CommandContext): string {
  if (given === undefined) {
    throw new ReleaseError("usage_invalid", {
      reason: "gen kubernetes needs the image that the pods run",
      hint: "Name it: --image registry.example/my-app:2.4.0",
    });
  }
  if (!given.includes("@") && !/:(?!latest$)[^/:]+$/.test(given)) {
    world.tell(`warning: ${warning("image_may_change", { image: given }).message}\n`);
  }
  return given;
}

/** @throws {ReleaseError} `usage_invalid` when nothing tells it */
function hashOf(
  { hash: given, image: reference }: Flags,
  { app, context }: { readonly app: string; readonly context: CommandContext },
): string {
  const digest = /@sha256:([0-9a-f]{64})$/.exec(reference ?? "")?.[1];
  const found = given ?? digest ?? hashOfBuilt(join(projectRoot(context), "_release", app));
  if (found !== undefined) return found;
  throw new ReleaseError("usage_invalid", {
    reason: `nothing tells which release this is: there is no built one in _release/${app}`,
    hint: "Build it with slipway release, or add --hash, or name --image by its digest.",
  });
}

/** The hash of the list of a built release's files, which has the hash of each file in it. */
function hashOfBuilt(folder: string): string | undefined {
  const versions = join(folder, "releases");
  if (!existsSync(versions)) return undefined;
  const lists = readdirSync(versions)
    .map((version) => join(versions, version, "SHA256SUMS"))
    .filter((file) => existsSync(file));
  if (lists.length === 0) return undefined;
  return createHash("sha256")
    .update(lists.map((file) => readFileSync(file, "utf8")).join(""))
    .digest("hex");
}
