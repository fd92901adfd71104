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
};

/** How a command ended, with the document that it printed. */
export type Ended = { readonly exitCode: number | null; readonly document: Document };

/** What the documents of the commands have in common, as far as these tests look. */
export type Document = {
  readonly repos?: readonly {
    readonly migrations: readonly { readonly status?: "up" | "down" }[];
  }[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details: { readonly errors?: readonly { readonly code: string }[] };
  };
};

export type CommandLine = { run(...args: readonly string[]): Ended; dispose(): void };

/** Writes a `release.ts` with one repo, `main`. */
export function commandLine(facts: ReleaseFacts): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), "slipway-corpora-"));
  const release = join(folder, "release.ts");
  writeFileSync(release, releaseText(facts));
  return {
    run(...args) {
      const argv = [join(src, "cli/bin.ts"), ...args, "--json", "--release", release];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      });
      if (stdout === "") throw new Error(`slipway ${args.join(" ")} printed nothing: ${stderr}`);
      return { exitCode: status, document: JSON.parse(stdout) };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function releaseText({ adapter, migrations, historyTable, safe }: ReleaseFacts): string {
  const module = (path: string) => JSON.stringify(pathToFileURL(join(src, path)).href);
  return `import { defineRelease } from ${module("index.ts")};
import { postgres } from ${module("adapters/postgres/index.ts")};
import { sqlite } from ${module("adapters/sqlite/index.ts")};

export const Release = defineRelease({
  app: "corpora",
  repos: {
    main: {
      adapter: ${adapter},
      migrations: ${JSON.stringify(migrations)},
      ${historyTable === undefined ? "" : `historyTable: ${JSON.stringify(historyTable)},`}
      ${safe === undefined ? "" : `safe: ${JSON.stringify(safe)},`}
    },
  },
});
`;
}
