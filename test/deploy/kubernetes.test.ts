/** The manifests: valid for Kubernetes, confined, ordered, and the same each time. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Deployment } from "kubernetes-models/apps/v1";
import { Job } from "kubernetes-models/batch/v1";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KubernetesFacts } from "../../src/deploy/kubernetes/facts.ts";
import { kubernetesFiles } from "../../src/deploy/kubernetes/files.ts";

const facts: KubernetesFacts = {
  app: "my_app",
  name: "my-app",
  image: "registry.example/my-app:2.4.0",
  hash: "0123456789",
  secret: "my-app-database",
  port: 3000,
  replicas: 3,
  by: "kubectl",
  migrates: "job",
  deadlineSeconds: 3600,
  backfills: ["20210811035222"],
  workers: 4,
  fleet: false,
};

const variants: readonly (readonly [string, KubernetesFacts, readonly string[]])[] = [
  ["kubectl", facts, ["migrate.yaml", "deployment.yaml", "after/migrate-after.yaml"]],
  [
    "kubectl, each pod migrates",
    { ...facts, migrates: "init", namespace: "blog", readyPath: "/ready" },
    ["deployment.yaml", "after/migrate-after.yaml"],
  ],
  [
    "Helm",
    { ...facts, by: "helm" },
    [
      "templates/migrate.yaml",
      "templates/migrate-install.yaml",
      "templates/deployment.yaml",
      "after/migrate-after.yaml",
    ],
  ],
  ["Argo CD", { ...facts, by: "argo" }, ["migrate.yaml", "deployment.yaml", "migrate-after.yaml"]],
  [
    "Argo CD, each pod migrates",
    { ...facts, by: "argo", migrates: "init" },
    ["deployment.yaml", "migrate-after.yaml"],
  ],
];

const overTenants: typeof variants = (["kubectl", "helm", "argo"] as const).map((by) => {
  const [, , paths] = variants.find(([, given]) => given.by === by)!;
  return [`tenants, by ${by}`, { ...facts, fleet: true, by }, paths];
});

const byHand = ["by-hand/migrate-data.yaml", "by-hand/backfill-20210811035222.yaml"];

type Container = { name: string; args: string[]; securityContext: object };
type Manifest = {
  kind: "Job" | "Deployment";
  metadata: { name?: string; generateName?: string; annotations?: { [key: string]: string } };
  spec: {
    template: { spec: { containers: Container[]; initContainers?: Container[] } };
    [key: string]: unknown;
  };
};

/** Every manifest of a variant by its path, as a YAML library reads it. */
function manifests(given: KubernetesFacts): { readonly [path: string]: Manifest } {
  const files = kubernetesFiles(given, "deploy/kubernetes");
  return Object.fromEntries(files.map(({ path, text }) => [path, parse(text)]));
}

/** What the schema of its kind says against a manifest. */
function complaints(manifest: Manifest): string {
  try {
    const model =
      manifest.kind === "Job" ? new Job(manifest as never) : new Deployment(manifest as never);
    model.validate();
    return "";
  } catch (error) {
    return String(error);
  }
}

describe.each([...variants, ...overTenants])("manifests for %s", (_, given, paths) => {
  const made = manifests(given);

  it("are these files, each of which says first what it is for", () => {
    expect(Object.keys(made)).toEqual([...paths, ...byHand]);
    for (const { text } of kubernetesFiles(given, "deploy/kubernetes")) {
      expect(text).toMatch(/^# .+\n# .+\n/);
      expect(text.split("\n").filter((line) => line.length > 160)).toEqual([]);
    }
  });

  it("are valid by the schemas that Kubernetes publishes", () => {
    for (const [path, manifest] of Object.entries(made)) {
      expect(`${path} ${complaints(manifest)}`).toBe(`${path} `);
    }
  });

  it("give no container a right that it does not need", () => {
    for (const { spec } of Object.values(made)) {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000 },
      });
      for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
      }
    }
  });

  it("end by themselves: tries, time and what is left of a Job have limits", () => {
    for (const { kind, spec } of Object.values(made)) {
      if (kind !== "Job") continue;
      expect(spec).toMatchObject({
        [given.fleet && isOverTenants(spec) ? "backoffLimitPerIndex" : "backoffLimit"]:
          expect.any(Number),
        activeDeadlineSeconds: expect.any(Number),
        ttlSecondsAfterFinished: expect.any(Number),
      });
    }
  });

  it("cannot be applied by a pipeline where a person decides", () => {
    for (const path of byHand) {
      const { metadata } = made[path]!;
      expect([metadata.name, metadata.generateName]).toEqual([undefined, expect.any(String)]);
    }
  });

  it("are the same each time", () => {
    expect(kubernetesFiles(given, "x")).toEqual(kubernetesFiles(given, "x"));
  });
});

/** A pod of it migrates, and does not fill rows. */
function isOverTenants({ template }: Manifest["spec"]): boolean {
  return template.spec.containers[0]?.args[0] === "migrate";
}

describe("with --fleet", () => {
  const made = manifests({ ...facts, fleet: true });

  it("so many pods run the same command, and one whose tenants failed is not tried again", () => {
    for (const path of ["migrate.yaml", "after/migrate-after.yaml"])
      expect(made[path]?.spec).toMatchObject({
        ...{ completionMode: "Indexed", completions: 4, parallelism: 4, backoffLimitPerIndex: 3 },
        podFailurePolicy: {
          rules: [
            { action: "Ignore" },
            { action: "FailJob", onExitCodes: { values: [4] } },
            { action: "FailIndex", onExitCodes: { values: [6] } },
          ],
        },
      });
    expect(made["migrate.yaml"]?.spec).not.toHaveProperty("backoffLimit");
    expect(made[byHand[1]!]?.spec).toEqual(manifests(facts)[byHand[1]!]?.spec);
  });
});

describe("the order of a deploy", () => {
  const argsOf = (manifest: Manifest | undefined) =>
    manifest?.spec.template.spec.containers[0]?.args.join(" ");
  const first = (manifest: Manifest | undefined) =>
    manifest?.spec.template.spec.initContainers?.map(({ args }) => args.join(" "));

  it("with kubectl: a Job, pods that wait for it, and apart what comes after", () => {
    const made = manifests(facts);
    expect(argsOf(made["migrate.yaml"])).toBe("migrate --phase before");
    expect(first(made["deployment.yaml"])).toEqual(["wait --timeout 600"]);
    expect(argsOf(made["after/migrate-after.yaml"])).toBe("migrate --phase after");
    expect(argsOf(made[byHand[0]!])).toBe("migrate-data");
    expect(argsOf(made[byHand[1]!])).toBe("backfill work 20210811035222");
  });

  it("with --migrate-in-init: pods that migrate", () => {
    const made = manifests({ ...facts, migrates: "init" });
    expect(first(made["deployment.yaml"])).toEqual(["migrate --phase before"]);
  });

  it("with Helm: a hook for upgrades only, and for the first install a Job that is there only then", () => {
    const made = manifests({ ...facts, by: "helm" });
    expect(made["templates/migrate.yaml"]?.metadata.annotations).toEqual({
      "helm.sh/hook": "pre-upgrade",
      "helm.sh/hook-delete-policy": "before-hook-creation",
    });
    expect(made["templates/migrate-install.yaml"]?.metadata.annotations).toBeUndefined();
    const install = kubernetesFiles({ ...facts, by: "helm" }, "chart").find(({ path }) =>
      path.endsWith("install.yaml"),
    );
    const actions = install?.text.split("\n").filter((line) => line.includes("{{"));
    expect(actions).toEqual(["# {{ if .Release.IsInstall }}", "# {{ end }}"]);
    const names = Object.values(made).map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(names.length - 1);
  });

  it("with Argo CD: three waves", () => {
    const made = manifests({ ...facts, by: "argo" });
    const wave = (path: string) =>
      made[path]?.metadata.annotations?.["argocd.argoproj.io/sync-wave"];
    expect(["migrate.yaml", "deployment.yaml", "migrate-after.yaml"].map(wave)).toEqual([
      "-1",
      "0",
      "1",
    ]);
  });

  it("another release is another Job, with a name that a label can hold", () => {
    const name = (hash: string) =>
      manifests({ ...facts, name: "a".repeat(30), hash })["after/migrate-after.yaml"]?.metadata
        .name;
    expect(name("0123456789")).not.toBe(name("0123456780"));
    expect(name("0123456789")?.length).toBeLessThanOrEqual(63);
  });
});

describe("the checks themselves", () => {
  it("the schemas see a wrong type and a missing field", () => {
    const job = manifests(facts)["migrate.yaml"]!;
    expect(complaints({ ...job, spec: { ...job.spec, backoffLimit: "3" } })).toContain(
      "backoffLimit",
    );
    expect(complaints({ ...job, spec: { backoffLimit: 3 } as never })).toContain("template");
  });

  it("no manifest has a field that Kubernetes does not know, and the check sees one", () => {
    const all = variants.flatMap(([, given]) => Object.values(manifests(given)));
    expect(unknownFields(all)).toBe("");
    const [job] = all;
    expect(unknownFields([{ ...job!, spec: { ...job!.spec, backofLimit: 3 } }])).toContain(
      "backofLimit",
    );
  }, 120_000);
});

const root = resolve(import.meta.dirname, "../..");

/** What the compiler says of manifests as literals of the published types, which name every field. */
function unknownFields(all: readonly Manifest[]): string {
  const folder = join(root, "test/.tmp/manifests");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const literals = all.map(
    (manifest) => `  ${JSON.stringify(manifest)} satisfies I${manifest.kind},\n`,
  );
  const imports = [
    'import type { IDeployment } from "kubernetes-models/apps/v1";',
    'import type { IJob } from "kubernetes-models/batch/v1";',
  ];
  writeFileSync(
    join(folder, "all.ts"),
    `${imports.join("\n")}\nexport type Used = [IJob, IDeployment];\nexport const all = [\n${literals.join("")}];\n`,
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../../tsconfig.json",
      compilerOptions: { noEmit: true, paths: {}, exactOptionalPropertyTypes: false },
      include: ["*.ts"],
    }),
  );
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", folder], { cwd: root, encoding: "utf8" });
    return "";
  } catch (error) {
    return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
}
