/** The files of CI servers, their own commands run by a shell in a real repository: red for what is unsafe, green for its safe form. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeProject, type Project } from "../cli/project.ts";
import { commitAll, git } from "../support/git.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

const bin = resolve(import.meta.dirname, "../../dist/cli/bin.js");

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: { adapter: postgres({ url: () => env("BLOG_URL") }) },
    lite: { adapter: sqlite({ path: "lite.db" }) },
  },
});
`;

const unsafe = "ALTER TABLE posts DROP COLUMN old;\nCREATE INDEX posts_title ON posts (title);\n";
const safe = "CREATE INDEX CONCURRENTLY posts_title ON posts (title);\n";
const migration = "db/main/migrations/20260105000000_change.sql";

let project: Project;
let database: FreshDatabase;

beforeAll(() => {
  project = makeProject({
    ".gitignore": "node_modules\n_release\nlite.db\n",
    "release.ts": release,
    "db/main/migrations/20260101000000_posts.sql":
      "CREATE TABLE posts (id bigint PRIMARY KEY, title text, old text);\n",
    "db/lite/migrations/20260101000000_a.sql": "CREATE TABLE a (id integer PRIMARY KEY);\n",
    // Stand in for what a runner has and this machine may not.
    "node_modules/.runner/npx": `#!/bin/sh\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`,
    "node_modules/.runner/npm": "#!/bin/sh\n[ $1 = ci ]\n",
    "node_modules/.runner/docker": "#!/bin/sh\necho docker $@\n",
    "node_modules/.runner/buildkite-agent": '#!/bin/sh\ncat > "annotation.md"\n',
  });
  for (const name of ["npx", "npm", "docker", "buildkite-agent"])
    chmodSync(join(project.folder, `node_modules/.runner/${name}`), 0o755);
  commitAll(project.folder);
  mkdirSync(join(project.folder, "node_modules/origin.git"));
  git(join(project.folder, "node_modules/origin.git"), "init", "--quiet", "--bare");
  git(project.folder, "remote", "add", "origin", join(project.folder, "node_modules/origin.git"));
  git(project.folder, "push", "--quiet", "origin", "main");
  git(project.folder, "checkout", "--quiet", "-b", "branch");
});

afterAll(async () => {
  project.remove();
  await database?.drop();
});

type Env = { readonly [variable: string]: string };
type Shelled = { readonly code: number; readonly output: string };

function execute(script: string, env: Env): Promise<Shelled> {
  const path = [
    join(project.folder, "node_modules/.runner"),
    dirname(process.execPath),
    process.env.PATH,
  ];
  return new Promise((done) => {
    const options = {
      cwd: project.folder,
      env: {
        ...env,
        PATH: path.join(delimiter),
        HOME: project.folder,
        GIT_CONFIG_GLOBAL: "/dev/null",
      },
    };
    execFile("bash", ["-eo", "pipefail", "-c", script], options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}

/** What a server would run, as one script, with the variables that it would give. */
type Job = { readonly script: string; readonly env: Env };

const platforms: {
  readonly [platform: string]: {
    readonly read: (text: string) => Job;
    /** What a reader sees of the findings. */
    readonly report: string;
  };
} = {
  github: {
    read(text) {
      const { steps, env, services } = parse(text).jobs.migrations;
      expect(Object.keys(services)).toEqual(["postgres"]);
      expect(steps[0]).toEqual({ uses: "actions/checkout@v5", with: { "fetch-depth": 0 } });
      expect(env.BASE).toBe(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub fills it in.
        "${{ github.event_name == 'pull_request' && format('origin/{0}', github.base_ref) || github.event.created && github.sha || github.event.before }}",
      );
      return {
        script: scriptOf(steps.map((step: { run?: string }) => step.run)),
        env: { ...env, BASE: "origin/main", GITHUB_STEP_SUMMARY: "summary.md" },
      };
    },
    report: "summary.md",
  },
  gitlab: {
    read(text) {
      const { script, variables, artifacts, services } = parse(text).migrations;
      expect(services).toEqual([{ name: "postgres:18", alias: "postgres" }]);
      expect(artifacts).toEqual({
        when: "always",
        reports: { codequality: "gl-code-quality-report.json" },
      });
      const base = git(project.folder, "rev-parse", "origin/main").trim();
      return {
        script: scriptOf(script),
        env: { ...variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: base },
      };
    },
    report: "gl-code-quality-report.json",
  },
  buildkite: {
    read(text) {
      const [pipeline, servers] = text.split(/^---$/m).map((one) => parse(one));
      expect(Object.keys(servers.services)).toEqual(["postgres"]);
      const [{ commands, env }] = pipeline.steps;
      // The upload takes two signs for one.
      const script = scriptOf(commands).replaceAll("$$", "$");
      return { script, env: { ...env, BUILDKITE_PULL_REQUEST_BASE_BRANCH: "main" } };
    },
    report: "annotation.md",
  },
  circleci: {
    read(text) {
      const { docker, steps } = parse(text).jobs.migrations;
      expect(docker[1].image).toBe("postgres:18");
      const runs = steps.flatMap((step: { run?: { command: string } }) => step.run?.command ?? []);
      return {
        // Each step has a shell of its own.
        script: scriptOf(runs.map((run: string) => `(${run})`)),
        env: { ...docker[0].environment, CIRCLE_BRANCH: "branch" },
      };
    },
    report: "test-results/migrations/results.xml",
  },
};

function scriptOf(commands: readonly (string | undefined)[]): string {
  return commands.filter((command) => command !== undefined).join("\n");
}

describe.each(Object.keys(platforms))("gen %s", (name) => {
  it("of a push to main judges all that came with it, and says no findings of nothing else", async () => {
    const { read } = platforms[name]!;
    const { script, env } = read((await project.run(["gen", name, "--stdout"])).stdout);
    const [upToCheck] = /^[\s\S]* slipway check .*(?:\nfi$)?/m.exec(script)!;
    const before = git(project.folder, "rev-parse", "main").trim();
    git(project.folder, "checkout", "--quiet", "-B", "pushed", "main");
    try {
      for (const [file, text] of [
        [migration, unsafe],
        ["db/main/migrations/20260106000000_more.sql", "CREATE TABLE more (id int);\n"],
      ] as const) {
        project.write(file, text);
        git(project.folder, "add", "--all");
        git(project.folder, "commit", "--quiet", "--message", file);
      }
      const pushed = (was: string) => {
        const zeros = was === "" ? "0".repeat(40) : was;
        const given = {
          github: { BASE: was === "" ? "HEAD" : was },
          gitlab: { CI_MERGE_REQUEST_DIFF_BASE_SHA: "", CI_COMMIT_BEFORE_SHA: zeros },
          buildkite: { BUILDKITE_BRANCH: "main", BUILDKITE_PULL_REQUEST: "false" },
          circleci: { CIRCLE_BRANCH: "main" },
        }[name];
        // The server of the job is not there, and check asks none.
        const alone = upToCheck.replace(/^\(for second in .*$/m, "");
        const filled = alone.replaceAll("<< pipeline.git.base_revision >>", was);
        return execute(filled, {
          ...env,
          ...given,
          BLOG_URL: "postgres://nobody@127.0.0.1:1/none",
        });
      };
      const told = await pushed(before);
      if (name === "buildkite")
        expect(told).toEqual({
          code: 0,
          output: expect.stringContaining("Pull requests are judged"),
        });
      else
        expect([told.code, told.output]).toEqual([
          4,
          expect.stringMatching(/3 findings: drop-column, index-not-concurrent/),
        ]);
      // Scheduled, by hand, the first of a branch: the server does not say what was there.
      const untold = await pushed("");
      expect(untold.code).toBe(0);
      expect(untold.output).toMatch(/nothing to judge|Pull requests are judged/);
      expect(untold.output + told.output).not.toContain("No findings");
    } finally {
      git(project.folder, "checkout", "--quiet", "branch");
    }
  }, 120_000);

  it("judges with the facts of production where they are there", async () => {
    const jobs = async () => (await project.run(["gen", name, "--stdout"])).stdout;
    expect(await jobs()).not.toContain("--facts");
    project.write("production.json", "{}");
    try {
      const told = await jobs();
      expect(told).toMatch(/slipway check --base .* --facts production.json --/);
      expect(told).toMatch(/slipway release --facts production.json/);
    } finally {
      rmSync(join(project.folder, "production.json"));
    }
  });

  it("is red for an unsafe migration of the branch, and green for the safe form", async () => {
    const { read, report } = platforms[name]!;
    const { code, stdout, stderr } = await project.run(["gen", name, "--stdout"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { script, env } = read(stdout);
    expect(env.BLOG_URL).toMatch(
      /^postgres:\/\/postgres:postgres@(localhost|postgres):5432\/main$/,
    );
    expect(script.match(/^.*npx slipway \w+/gm)).toHaveLength(5);
    await database?.drop();
    database = await freshDatabase();
    const { port } = new URL(database.url);
    const run = () => execute(script.replaceAll("5432", port), { ...env, BLOG_URL: database.url });
    for (const file of [report, "_release", "lite.db"])
      rmSync(join(project.folder, file), { recursive: true, force: true });

    project.write(migration, unsafe);
    const red = await run();
    expect([red.code, red.output]).toEqual([
      4,
      expect.stringContaining("3 findings: drop-column, index-not-concurrent"),
    ]);
    expect(red.output).not.toContain("migrate");
    expect(readFileSync(join(project.folder, report), "utf8")).toContain("index-not-concurrent");

    project.write(migration, safe);
    const green = await run();
    expect([green.code, green.output]).toEqual([0, expect.stringContaining("since ")]);
    expect(existsSync(join(project.folder, "_release/my_app/bin/my_app"))).toBe(true);
  }, 120_000);
});
