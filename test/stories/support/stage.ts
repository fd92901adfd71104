/** Where a story is acted: a folder with the packed package in it, and every command with what it prints. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** How a command ended, and all that it printed, in the order in which it came. */
export type Acted = { readonly code: number | null; readonly text: string };

type Env = { readonly [variable: string]: string };

/** A command that goes on while others are typed. */
export type Going = {
  /** Resolves as soon as it has printed this. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<Acted>;
  /** Sends a signal to its process. */
  signal(name: NodeJS.Signals): void;
};

export type Stage = {
  readonly folder: string;
  write(path: string, text: string): void;
  /** A sentence of the story. */
  tell(words: string): void;
  /** Types a command, waits for its end and shows what it prints. */
  type(command: string): Promise<Acted>;
  /** Types a command in another window, whose lines are shown when it has ended. */
  open(command: string, env?: Env): Going;
  /** The whole of the story so far. */
  story(): string;
  remove(): void;
};

/** Packs the package, unpacks it where npm would, and gives the stage. */
export function stage(files: { readonly [path: string]: string }, env: Env): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-story-")));
  install(folder);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const lines: string[] = [];
  const { PATH = "" } = process.env;
  const all = { ...env, PATH: `${dirname(process.execPath)}:${PATH}`, HOME: folder };
  const start = (command: string, more: Env = {}) =>
    spawn("/bin/sh", ["-c", `exec ${command.replace(/^npx slipway\b/, slipway)}`], {
      cwd: folder,
      env: { ...all, ...more },
    });
  const show = (command: string, { text, code }: Acted) => {
    const end = code === 0 ? "" : `(exit code ${code})\n`;
    lines.push(`$ ${command}\n${text}${end}`);
  };
  return {
    folder,
    write,
    tell: (words) => void lines.push(`\n# ${words}\n`),
    async type(command) {
      const acted = await heard(start(command)).ended;
      show(command, acted);
      return acted;
    },
    open(command, more) {
      lines.push(`$ ${command} &\n`);
      const going = heard(start(command, more));
      const ended = going.ended.then((acted) => {
        show(`${command}, in the other window`, acted);
        return acted;
      });
      return { ...going, ended };
    },
    story: () => lines.join("").replaceAll(folder, "…"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const slipway = '"$(command -v node)" node_modules/slipway/dist/cli/bin.js';

function install(folder: string): void {
  const packages = join(folder, "node_modules");
  mkdirSync(packages);
  const pack = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", packages]);
  renameSync(join(packages, "package"), join(packages, "slipway"));
  rmSync(join(folder, tarball));
  for (const name of ["pg", "esbuild", "libpg-query"])
    symlinkSync(join(root, "node_modules", name), join(packages, name));
}

function heard(child: ChildProcess): Going {
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk;
      for (const look of listeners) look();
    });
  const ended = new Promise<Acted>((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, text }));
  });
  const printed = (words: string) =>
    new Promise<void>((done, failed) => {
      const look = () => text.includes(words) && done();
      listeners.add(look);
      ended.then(() => failed(new Error(`ended without ${words}: ${text}`)), failed);
      look();
    });
  return { printed, ended, signal: (name) => void child.kill(name) };
}
