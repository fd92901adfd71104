import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;

beforeEach(() => {
  project = makeProject({ "release.ts": sqliteRelease });
});

afterEach(() => project.remove());

const read = (file: string) => readFileSync(join(project.folder, file), "utf8");
const image = ["--image", "registry.example/my-app:2.4.0"];
const hash = ["--hash", "0123456789abcdef"];

describe("gen docker, fly, heroku, render and of CI servers", () => {
  it.each([
    ["docker", ["Dockerfile", ".dockerignore"]],
    ["fly", ["fly.toml"]],
    ["heroku", ["heroku.yml"]],
    ["render", ["render.yaml"]],
    ["github", [".github/workflows/migrations.yml"]],
    ["gitlab", [".gitlab/migrations.gitlab-ci.yml"]],
    ["buildkite", [".buildkite/migrations.yml"]],
    ["circleci", [".circleci/config.yml"]],
  ])(
    "gen %s writes %j, named as the release, and then has nothing to change",
    async (name, files) => {
      const said = (did: string) => files.map((file) => `* ${did} ${file}\n`).join("");
      const first = await project.run(["gen", name]);
      expect(first).toMatchObject({ code: 0, stdout: said("creating"), stderr: "" });
      if (!/^(github|gitlab|buildkite|circleci)$/.test(name))
        expect(read(files[0]!)).toContain("/app/bin/my_app");
      const again = await project.run(["gen", name]);
      expect(again).toMatchObject({ code: 0, stdout: said("unchanged"), stderr: "" });
    },
  );

  it("overwrites what a person changed only when told so, and else writes nothing at all", async () => {
    project.write("Dockerfile", "FROM scratch\n");
    project.write(".dockerignore", "mine\n");
    const { code, stderr } = await project.run(["gen", "docker"]);
    const hint = "Delete it first, or add --overwrite, if you want a new one.";
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `error: Dockerfile exists already\nerror: .dockerignore exists already\nhint: ${hint}\n`,
    });
    expect([read("Dockerfile"), read(".dockerignore")]).toEqual(["FROM scratch\n", "mine\n"]);
    const ran = await project.run(["gen", "docker", "--overwrite", "--json"]);
    expect(JSON.parse(ran.stdout)).toEqual({
      files: [
        { path: "Dockerfile", did: "updating" },
        { path: ".dockerignore", did: "updating" },
      ],
    });
  });

  it("--out names another folder, from where it is called; --stdout writes nothing", async () => {
    project.write("sub/x", "");
    const out = await project.run(["gen", "fly", "--out", "../ops"], { cwd: "sub" });
    expect(out.stdout).toBe("* creating ../ops/fly.toml\n");
    const printed = await project.run(["gen", "fly", "--stdout"]);
    expect([printed.stdout, project.has("fly.toml")]).toEqual([read("ops/fly.toml"), false]);
  });

  it("takes the package manager from the lockfile, and the manifest from where it lies", async () => {
    project.write("pnpm-lock.yaml", "");
    project.write("db/manifest.ts", "");
    const docker = await project.run(["gen", "docker", "--stdout"]);
    expect(docker.stdout).toContain("COPY package.json pnpm-lock.yaml ./");
    const github = await project.run(["gen", "github", "--stdout"]);
    expect(github.stdout).toContain("npx slipway gen manifest --out db/manifest.ts --check");
  });

  it.each(["docker", "fly", "heroku", "render"])(
    "gen %s refuses an app that no shell can start",
    async (name) => {
      project.write("release.ts", sqliteRelease.replace('"my_app"', '"my app"'));
      const { code, stderr } = await project.run(["gen", name]);
      expect([code, stderr.split("\n")[0]]).toEqual([
        2,
        'error: the release is called "my app", and a platform cannot start bin/my app',
      ]);
    },
  );

  it("needs a release", async () => {
    const empty = makeProject();
    try {
      const { code, stderr } = await empty.run(["gen", "fly"]);
      expect([code, stderr.split(":")[1]]).toEqual([2, " no release file found"]);
    } finally {
      empty.remove();
    }
  });
});

describe("gen kubernetes", () => {
  it("writes the manifests, and the same again for the same release", async () => {
    const first = await project.run(["gen", "kubernetes", ...image, ...hash]);
    const files = [
      "migrate.yaml",
      "deployment.yaml",
      "after/migrate-after.yaml",
      "by-hand/migrate-data.yaml",
    ];
    const said = (did: string) =>
      files.map((file) => `* ${did} deploy/kubernetes/${file}\n`).join("");
    expect(first).toMatchObject({ code: 0, stdout: said("creating"), stderr: "" });
    expect(read("deploy/kubernetes/migrate.yaml")).toContain("name: my-app-migrate-0123456789\n");
    const again = await project.run(["gen", "kubernetes", ...image, ...hash]);
    expect(again.stdout).toBe(said("unchanged"));
  });

  it("takes the hash from a built release, and another release has another", async () => {
    project.write("db/main/migrations/20210718153339_a.sql", "create table a (id integer);");
    const build = () => project.run(["release", "--overwrite"]);
    const name = async () => {
      const { stdout, code } = await project.run(["gen", "kubernetes", ...image, "--stdout"]);
      expect(code).toBe(0);
      return /name: my-app-migrate-(\w+)/.exec(stdout)?.[1];
    };
    expect((await build()).code).toBe(0);
    const [version = ""] = readdirSync(join(project.folder, "_release/my_app/releases"));
    const list = read(`_release/my_app/releases/${version}/SHA256SUMS`);
    const first = await name();
    expect(first).toBe(createHash("sha256").update(list).digest("hex").slice(0, 10));
    project.write("db/main/migrations/20210718153340_b.sql", "create table b (id integer);");
    expect((await build()).code).toBe(0);
    expect(await name()).not.toBe(first);
  });

  it("takes it from the digest of the image", async () => {
    const digest = "ab".repeat(32);
    const named = ["--image", `registry.example/my-app@sha256:${digest}`];
    const { stdout } = await project.run(["gen", "kubernetes", ...named, "--stdout"]);
    expect(stdout).toContain("name: my-app-migrate-ababababab\n");
  });

  it("tells of a tag that moves", async () => {
    const named = ["--image", "registry.example/my-app:latest"];
    const { code, stderr } = await project.run(["gen", "kubernetes", ...named, ...hash]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "warning: registry.example/my-app:latest may be another image tomorrow; a tag or digest of this release is not\n",
    });
  });

  it("has a Job for each backfill, and everything in the namespace and with the Secret that are named", async () => {
    const more = ["--backfill", "20210811035222", "--backfill", "9", "--workers", "5"];
    const place = [
      "--namespace",
      "blog",
      "--secret",
      "blog-db",
      "--replicas",
      "4",
      "--deadline",
      "60",
    ];
    const app = ["--port", "8080", "--ready-path", "/ready"];
    const args = ["gen", "kubernetes", ...image, ...hash, ...more, ...place, ...app, "--stdout"];
    const { code, stdout } = await project.run(args);
    expect(code).toBe(0);
    for (const text of [
      'args: [backfill, work, "20210811035222"]',
      'args: [backfill, work, "9"]',
      "parallelism: 5",
      "namespace: blog",
      "name: blog-db",
      "replicas: 4",
      "activeDeadlineSeconds: 60",
      "containerPort: 8080",
      "path: /ready",
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout.match(/^kind: /gm)?.length).toBe(stdout.match(/namespace: blog/g)?.length);
  });

  it.each([
    [[], "gen kubernetes needs the image that the pods run"],
    [image, "nothing tells which release this is: there is no built one in _release/my_app"],
    [
      [...image, ...hash, "--helm-hooks", "--argo-sync-waves"],
      "--helm-hooks and --argo-sync-waves exclude each other",
    ],
    [
      [...image, ...hash, "--helm-hooks", "--migrate-in-init"],
      "--helm-hooks and --migrate-in-init exclude each other",
    ],
  ])("refuses %j", async (flags, message) => {
    const { code, stderr } = await project.run(["gen", "kubernetes", ...flags]);
    expect([code, stderr.split("\n")[0]]).toEqual([2, `error: ${message}`]);
    expect(project.has("deploy")).toBe(false);
  });
});

const wrong: readonly (readonly [string, string, string, string])[] = [
  ["kubernetes", "--image", "two words", "an image such as registry.example/my-app:2.4.0"],
  ["kubernetes", "--image", "", "an image such as registry.example/my-app:2.4.0"],
  ["kubernetes", "--hash", "xyz", "a hash of 7 to 64 hexadecimal digits"],
  ["kubernetes", "--backfill", "x", "a version such as 20210718153339"],
  ["kubernetes", "--workers", "0", "a whole number from 1"],
  ["kubernetes", "--deadline", "1h", "a whole number from 1"],
  ["kubernetes", "--replicas", "-1", "a whole number from 1"],
  [
    "kubernetes",
    "--namespace",
    "My_Space",
    "a name of lower-case letters, digits and hyphens, 63 at most",
  ],
  [
    "kubernetes",
    "--secret",
    "x".repeat(64),
    "a name of lower-case letters, digits and hyphens, 63 at most",
  ],
  ["kubernetes", "--port", "80", "a port from 1024 to 65535"],
  ["kubernetes", "--ready-path", "ready", "a path such as /ready"],
  ["kubernetes", "--out", "", "a path"],
  ["docker", "--app", "../server.ts", "a path inside of the project, without spaces"],
  ["docker", "--app", "a b.ts", "a path inside of the project, without spaces"],
  ["docker", "--app-dir", "/dist", "a path inside of the project, without spaces"],
  ["docker", "--node", "20", "a major version from 22"],
  ["docker", "--port", "99999", "a port from 1024 to 65535"],
  ["fly", "--port", "http", "a port from 1024 to 65535"],
  ["heroku", "--out", "", "a path"],
  ["render", "--port", "1", "a port from 1024 to 65535"],
  ["github", "--postgres", "8", "a major version from 12"],
  ["github", "--node", "next", "a major version from 22"],
];

it.each(wrong)("gen %s refuses %s %j", async (name, flag, given, expected) => {
  const { code, stderr } = await project.run(["gen", name, `${flag}=${given}`]);
  const shown = given === "" ? '""' : given;
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `error: ${flag} is ${shown}, which is not ${expected}\nhint: Give ${flag} ${expected}.\n`,
  });
});

describe("the app in the image", () => {
  const releaseLine = async (...flags: readonly string[]) => {
    const { code, stdout } = await project.run(["gen", "docker", ...flags, "--stdout"]);
    expect(code).toBe(0);
    return /^RUN npx slipway (.+)$/m.exec(stdout)?.[1];
  };

  it("is a source, or a folder and the file in it that starts it", async () => {
    project.write("src/server.ts", "");
    const release = "release --out /release";
    expect(await releaseLine("--app", "./src/server.ts")).toBe(`${release} --app src/server.ts`);
    expect(await releaseLine("--app-dir", "dist")).toBe(`${release} --app-dir dist`);
    expect(await releaseLine("--app-dir", "dist", "--app", "dist/web.js")).toBe(
      `${release} --app-dir dist --app dist/web.js`,
    );
  });

  it("must be there", async () => {
    const { code, stderr } = await project.run(["gen", "docker", "--app", "src/serve.ts"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: there is no src/serve.ts in the project\nhint: Give its path from the folder of package.json on.\n",
    });
  });
});
