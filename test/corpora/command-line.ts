/** The command line of a release in a folder of its own, as whole processes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const src = join(import.meta.dirname, "../../src");

export type ReleaseFacts = {
  /** `postgres({ url: "…" })`, as code. */
  readonly adapter: string;
  /** The folder of migrations. */
  readonly migrations: string;
  /** Default: what a release has that does not name it. */
  readonly historyTable?: string | undefined;
  /** Default: what a release has that does not say it. */
  readonly safe?: "off" | undefined;
  /** What runs its modules: a file of `slipway/compat`, and what it exports. Default: they are Slipway's. */
  readonly compat?: readonly [file: string, name: string] | undefined;
  /** The folder of the project. Default: a new one. */
  readonly folder?: string | undefined;
  /** More variables for the commands. Default: none. */
  readonly env?: { readonly [variable: string]: string } | undefined;
};

/** How a command ended, with the document that it printed. */
export type Ended = { readonly exitCode: number | null; readonly document: Document };

/** What the documents of the commands have in common, as far as these tests look. */
export type Document = {
  readonly repos?: readonly {
    readonly migrations: readonly {
      readonly version: string;
      readonly status?: "up" | "down";
    }[];
  }[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details: { readonly errors?: readonly { readonly code: string }[] };
  };
};

export type CommandLine = {
  readonly folder: string;
  run(...args: readonly string[]): Ended;
  dispose(): void;
};

/** Writes a `release.ts` with one repo, `main`. */
export function commandLine(facts: ReleaseFacts): CommandLine {
  const folder = facts.folder ?? mkdtempSync(join(tmpdir(), "slipway-corpora-"));
  const release = join(folder, "release.ts");
  writeFileSync(release, releaseText(facts));
  return {
    folder,
    run(...args) {
      const argv = [join(src, "cli/bin.ts"), ...args, "--json", "--release", release];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
        cwd: folder,
        env: { ...process.env, ...facts.env },
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      });
      if (stdout === "") throw new Error(`slipway ${args.join(" ")} printed nothing: ${stderr}`);
      return { exitCode: status, document: JSON.parse(stdout) };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function releaseText({ adapter, migrations, historyTable, safe, compat }: ReleaseFacts): string {
  const module = (path: string) => JSON.stringify(pathToFileURL(join(src, path)).href);
  return `import { defineRelease } from ${module("index.ts")};
import { mysql } from ${module("adapters/mysql/index.ts")};
import { postgres } from ${module("adapters/postgres/index.ts")};
${compat === undefined ? "" : `import { ${compat[1]} } from ${module(`compat/${compat[0]}.ts`)};`}
import { sqlite } from ${module("adapters/sqlite/index.ts")};

export const Release = defineRelease({
  app: "corpora",
  repos: {
    main: {
      adapter: ${adapter},
      migrations: ${JSON.stringify(migrations)},
      ${historyTable === undefined ? "" : `historyTable: ${JSON.stringify(historyTable)},`}
      ${compat === undefined ? "" : `modules: ${compat[1]}(),`}
      ${safe === undefined ? "" : `safe: ${JSON.stringify(safe)},`}
    },
  },
});
`;
}
