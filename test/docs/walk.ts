/** Walks a page from its first command to its last: writes its files, runs its commands, and gives what each printed. */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** A file to write, a command with its output, or SQL that stands for what the app does meanwhile. */
export type Part =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly printed: string }
  | { readonly kind: "sql"; readonly sql: string };

/** The project in which a page is walked. */
export type Walk = {
  readonly page: string;
  /** Default: what the page holds. */
  readonly text?: string;
  readonly project: string;
  /** Variables of the commands beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs `<!-- sql: … -->`. */
  readonly sql?: (sql: string) => Promise<void>;
};

const pattern =
  /^<!-- file: (\S+) -->\n\n```\w+\n([\s\S]*?)^```|^<!-- sql: (.+) -->$|^```console\n([\s\S]*?)^```/gm;

/** What a page does, in its order. */
export function partsOf(text: string): readonly Part[] {
  return [...text.matchAll(pattern)].flatMap(([, name, file = "", sql, block = ""]): Part[] => {
    if (name !== undefined) return [{ kind: "file", name, text: file }];
    if (sql !== undefined) return [{ kind: "sql", sql }];
    return block
      .split(/^\$ /m)
      .slice(1)
      .map((one) => {
        const [command = "", ...printed] = one.split("\n");
        return { kind: "command", command, printed: printed.join("\n") };
      });
  });
}

/** A project with these packages and files, as `npm install` leaves it. */
export function projectWith(
  project: string,
  packages: readonly string[],
  files: Readonly<Record<string, string>>,
): void {
  mkdirSync(join(project, "node_modules"), { recursive: true });
  symlinkSync(root, join(project, "node_modules/slipway"), "junction");
  for (const name of packages) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name), "junction");
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}

/** Walks all of it; each output must be that of the page. With SLIPWAY_RECORD set, the outputs are written to that file. */
export async function walkPage(walk: Walk): Promise<readonly Part[]> {
  const parts = partsOf(walk.text ?? readFileSync(join(root, walk.page), "utf8"));
  const record = process.env.SLIPWAY_RECORD;
  for (const part of parts) {
    if (part.kind === "sql") await walk.sql?.(part.sql);
    if (part.kind === "file") writeIn(walk.project, part.name, part.text);
    if (part.kind !== "command") continue;
    const words = inWordsOfPage(asOfPage(walk.project, part, run(walk, part.command)));
    if (record === undefined) expect(words, part.command).toMatch(patternOf(part.printed));
    else writeFileSync(record, `$ ${part.command}\n${words}\n`, { flag: "a" });
  }
  return parts;
}

/** A migration that `gen migration` just made gets the version that the page shows. */
function asOfPage(project: string, part: Part & { kind: "command" }, said: string): string {
  const [, name] = /gen migration (\w+)/.exec(part.command) ?? [];
  const [, shown] = /(\d{14})_/.exec(part.printed) ?? [];
  const file = name === undefined ? undefined : migrationCalled(project, name);
  const [, made] = /(\d{14})_\w+\.\w+$/.exec(file ?? "") ?? [];
  if (file === undefined || shown === undefined || made === undefined) return said;
  renameSync(join(project, file), join(project, file.replace(made, shown)));
  return said.replaceAll(made, shown);
}

/** Times differ, and only a slow machine tells how far a backfill is. */
function inWordsOfPage(text: string): string {
  return text
    .replace(/ in \d+\.\ds$/gm, " in 0.0s")
    .replace(/^.* rows · .* rows\/s · .*\n/gm, "")
    .trim();
}

/** A name with a dot is a path; another one is that of a migration that is there. */
function writeIn(project: string, name: string, text: string): void {
  const path = join(project, name.includes(".") ? name : (migrationCalled(project, name) ?? name));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function migrationCalled(project: string, name: string): string | undefined {
  return globSync(`db/*/*/*_${name}.*`, { cwd: project })[0];
}

function run({ project, env = {} }: Walk, command: string): string {
  const cli = `"${process.execPath}" "${join(root, "dist/cli/bin.js")}"`;
  const line = command.replace(/^npx slipway\b/, cli);
  const { PATH, HOME } = process.env;
  // One pipe for both, so that the lines come in the order that a terminal shows.
  const { stdout } = spawnSync("sh", ["-c", `{ ${line}; } 2>&1`], {
    ...{ cwd: project, env: { PATH, HOME, ...env } },
    encoding: "utf8",
  });
  return stdout;
}

/** `…` on a line by itself stands for any lines or none, elsewhere for a part of one. */
function patternOf(printed: string): RegExp {
  const escaped = printed.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const lines = escaped.replace(/^…\n/gm, "(?:.*\\n)*?").replace(/^…$/gm, "[\\s\\S]*");
  return new RegExp(`^${lines.replaceAll("…", ".*?")}$`);
}
