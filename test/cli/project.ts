/** A user's project on disk, with this package in its node_modules, and its command line. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makePgliteFolder } from "../support/pglite.ts";

const slipway = resolve(import.meta.dirname, "../..");
const bin = join(slipway, "dist", "cli", "bin.js");

/** What a command line gave. */
export type Ran = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** As in vitest.config.ts: a quarter of the time of a command that opens PGlite is V8 compiling PostgreSQL a second time. */
const compiledOnce = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

export type RunOptions = {
  readonly env?: { readonly [variable: string]: string };
  /** A folder inside the project. Default: the project itself. */
  readonly cwd?: string;
  /** The command line. Default: the compiled one. */
  readonly bin?: string;
};

/** A command line that runs. */
export type Running = {
  /** Resolves as soon as stderr has this text. */
  said(text: string): Promise<unknown>;
  /** The same of stdout, or as soon as all of it matches; gives all that stdout has then. */
  printed(text: string | RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Closes the pipe that stdout goes to. */
  stopReading(): void;
  readonly ended: Promise<Ran>;
};

/** A folder of a test's own. */
export type Project = {
  readonly folder: string;
  write(file: string, text: string): void;
  has(file: string): boolean;
  /** Runs the compiled command line as a process of its own, without a terminal. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  start(args: readonly string[], options?: RunOptions): Running;
  remove(): void;
};

/** Makes a project with these files. */
export function makeProject(files: { readonly [path: string]: string } = {}): Project {
  if (!existsSync(bin)) throw new Error("the command line is not built: node scripts/build.mjs");
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-cli-")));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("package.json", '{ "name": "my-app", "type": "module" }');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(slipway, join(folder, "node_modules", "slipway"), "junction");
  // Where a shadow's data directory is kept, which takes seconds to make.
  symlinkSync(
    join(slipway, "node_modules/.cache"),
    join(folder, "node_modules/.cache"),
    "junction",
  );
  for (const [file, text] of Object.entries(files)) write(file, text);
  // PGlite takes seconds to make its own, and other tests hold that it does.
  if (files["release.ts"] === pgliteRelease) makePgliteFolder(join(folder, ".data"));
  const start = (args: readonly string[], options: RunOptions = {}) =>
    startIn(folder, args, options);
  return {
    folder,
    write,
    has: (file) => existsSync(join(folder, file)),
    run: (args, options) => start(args, options).ended,
    start,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startIn(folder: string, args: readonly string[], options: RunOptions): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...compiledOnce, options.bin ?? bin, ...args], {
    cwd: join(folder, options.cwd ?? "."),
    env: { PATH, HOME, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Ran>((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => done({ code, signal, stdout, stderr }));
  });
  const heard = (stream: "stdout" | "stderr", text: string | RegExp) =>
    new Promise<string>((done, failed) => {
      const look = () => {
        const all = stream === "stdout" ? stdout : stderr;
        if (typeof text === "string" ? all.includes(text) : text.test(all)) done(all);
      };
      child[stream].on("data", look);
      ended.then(() => failed(new Error(`ended without saying ${text}: ${stderr}`)), failed);
      look();
    });
  return {
    said: (text) => heard("stderr", text),
    printed: (text) => heard("stdout", text),
    kill: (signal) => child.kill(signal),
    stopReading: () => child.stdout.destroy(),
    ended,
  };
}

/** A release with one repo on SQLite. */
export const sqliteRelease = `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "my_app",
  version: "1.2.3",
  repos: { main: { adapter: sqlite({ path: "main.db" }) } },
});
`;

/** A release with one repo on PGlite. */
export const pgliteRelease = `import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: pglite({ dataDir: ".data" }) } },
});
`;

/** A release with one repo on the server that DATABASE_URL names. */
export const postgresRelease = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

/** A release with two repos on SQLite. */
export const twoRepos = `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: { adapter: sqlite({ path: "main.db" }) },
    analytics: { adapter: sqlite({ path: "analytics.db" }) },
  },
});
`;

/** A migration that makes one table. */
export function tableMigration(table: string): string {
  return `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable(${JSON.stringify(table)}, (t) => {
      t.id();
    });
  },
});
`;
}

/** Two migrations in the folder of `main`: 1_users and 2_posts. */
export const twoMigrations = {
  "db/main/migrations/1_users.ts": tableMigration("users"),
  "db/main/migrations/2_posts.ts": tableMigration("posts"),
};

/** The document on stdout. */
export function documentOf({ stdout }: Ran): unknown {
  return JSON.parse(stdout);
}

/** The lines on stderr of a command line that gave no data. */
export function linesOf({ stdout, stderr }: Ran): readonly string[] {
  if (stdout !== "") throw new Error(`nothing was to come on stdout, but: ${stdout}`);
  return stderr.trimEnd().split("\n");
}

/** The status block of `main` as it is printed. */
export function statusOf(
  rows: readonly (readonly [status: "up" | "down", version: string, name: string])[],
): string {
  const lines = rows.map(
    ([status, version, name]) => `  ${status.padEnd(10)}${version.padEnd(16)}${name}\n`,
  );
  return `\nRepo: main\n\n  Status    Migration ID    Migration Name\n${"-".repeat(50)}\n${lines.join("")}`;
}
