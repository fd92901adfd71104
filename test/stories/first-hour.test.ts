/**
 * The story of a first hour, from an empty folder to a release that is rolled back where nothing else is installed, acted
 * against the packed package and a real PostgreSQL. It prints what a person would see.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

const root = resolve(import.meta.dirname, "../..");
const base = realpathSync(mkdtempSync(join(tmpdir(), "slipway-first-hour-")));
const project = join(base, "blog");
const elsewhere = join(base, "server");
const hasChroot = process.platform === "linux" && process.getuid?.() === 0;

/** The story begins with npm: without a network, and without what it keeps of one, it cannot be acted. */
const canInstall = ["pg", "esbuild", "libpg-query"].every((name) => {
  const args = ["view", name, "version", "--prefer-offline", "--fetch-retries=0"];
  return spawnSync("npm", args, { stdio: "ignore" }).status === 0;
});
if (!canInstall)
  console.warn("skipped: npm cannot bring packages here, and the story installs some");

let tarball: string;
let server: FreshDatabase;
let development: string;
let production: FreshDatabase;

beforeAll(async () => {
  mkdirSync(project);
  // As npm publishes it: dist is built already.
  const options = ["--ignore-scripts", "--loglevel=error", "--pack-destination", base];
  execFileSync("npm", ["pack", ...options], { cwd: root });
  tarball = join(base, readdirSync(base).find((name) => name.endsWith(".tgz")) ?? "");
  [server, production] = await Promise.all([freshDatabase(), freshDatabase()]);
  development = `${server.url}_dev`;
});

afterAll(async () => {
  rmSync(base, { recursive: true, force: true });
  await server.drop();
  await production.drop();
});

const lines: string[] = [];
let commands = 0;

function tell(words: string): void {
  lines.push("", `# ${words}`);
}

/** Writes a file, as an editor does. */
function edit(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
  lines.push(
    "",
    `(${path})`,
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  );
}

/** Types a command, and expects that it does not fail. Gives what it prints. */
async function type(command: string): Promise<string> {
  commands += 1;
  const { PATH = "", HOME = homedir() } = process.env;
  return act(command, ["/bin/sh", "-c", command.replace("slipway pg", `${tarball} pg`)], {
    // Where npm finds its registry, as whoever runs the tests has it.
    ...settingsOfNpm(),
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    HOME,
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    npm_config_loglevel: "error",
  });
}

function settingsOfNpm(): { readonly [variable: string]: string } {
  const entries = Object.entries(process.env).filter(([name]) =>
    /^npm_config_|proxy$|^NODE_EXTRA_CA_CERTS$|^SSL_CERT_FILE$/i.test(name),
  );
  return Object.fromEntries(entries) as { readonly [variable: string]: string };
}

/** The same on the machine where the release runs: nothing but it is there. */
async function onServer(command: string): Promise<string> {
  commands += 1;
  const [program = "", ...args] = command.split(" ");
  const inside = hasChroot
    ? ["/usr/sbin/chroot", elsewhere, `/${program}`, ...args]
    : [join(elsewhere, program), ...args];
  return act(command, inside, { DATABASE_URL: production.url, PATH: "/bin" }, "server");
}

async function act(
  command: string,
  [program = "", ...args]: readonly string[],
  env: { readonly [variable: string]: string },
  where = "",
): Promise<string> {
  const child = spawn(program, args, { cwd: project, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk;
    });
  const code = await new Promise((done) => child.on("close", done));
  lines.push("", `${where}$ ${command}`, text.trimEnd());
  expect({ command, code, text: code === 0 ? "" : text }).toEqual({ command, code: 0, text: "" });
  return text;
}

const migrations = () => readdirSync(join(project, "db/main/migrations"));
const versionOf = (name: string) =>
  migrations()
    .find((file) => file.includes(name))
    ?.split("_")[0] ?? "";

/** What `scp` would do, and what a container has: the release, a shell, the libraries of Node. */
function deploy(): void {
  cpSync(join(project, "_release/blog"), join(elsewhere, "blog"), { recursive: true });
  if (!hasChroot) return;
  for (const program of ["/bin/sh", process.execPath]) {
    const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
    for (const [path] of stdout.matchAll(/\/[^\s()]+/g)) {
      mkdirSync(join(elsewhere, dirname(path)), { recursive: true });
      execFileSync("cp", ["-L", path, join(elsewhere, path)]);
    }
  }
  mkdirSync(join(elsewhere, "bin"), { recursive: true });
  execFileSync("cp", ["-L", "/bin/sh", join(elsewhere, "bin/sh")]);
}

it.runIf(canInstall)(
  "an empty folder becomes a release that is rolled back where nothing else is, in twelve commands",
  async () => {
    const begun = performance.now();
    tell("Monday, an empty folder. I want posts.");
    await type("npm init -y");
    await type("npm install slipway pg esbuild libpg-query");
    await type("npx slipway gen release");
    edit(".env", `DATABASE_URL=${development}\n`);
    await type("npx slipway gen migration create_posts title:string!");
    const made = await type("npx slipway setup");
    expect(made).toContain("The database for main has been created");
    expect(made).toContain("create table posts");

    tell("The posts need an address of their own, and the table may be large one day.");
    await type("npx slipway gen migration add_slug_to_posts slug:string:unique");
    const checked = await type("npx slipway check --all");
    expect(checked).toMatch(/No findings in 2 migrations/);
    await type("npx slipway migrate");
    const status = await type("npx slipway status");
    expect(status).toContain(`up        ${versionOf("add_slug")}  add_slug_to_posts`);

    tell("It goes out: one folder, with Node and the migrations inside.");
    await type("npx slipway release --include-node");
    deploy();
    const migrated = await onServer("blog/bin/blog migrate");
    expect(migrated).toContain("add_slug_to_posts");

    tell("The slugs were a mistake. Back to before them.");
    const back = await onServer(`blog/bin/blog rollback main ${versionOf("add_slug")}`);
    expect(back).toContain(`== Running ${versionOf("add_slug")} add_slug_to_posts`);

    const seconds = Math.round((performance.now() - begun) / 1000);
    lines.push("", `# ${commands} commands, none failed, ${seconds} seconds of waiting.`);
    console.log(lines.join("\n").replaceAll(development, "postgres://…/blog_dev"));
    expect(commands).toBeLessThanOrEqual(12);
  },
  300_000,
);
