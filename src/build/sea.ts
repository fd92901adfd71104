/** One executable file: Node with a release inside. https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { ReleaseFile } from "./release-file.ts";
import { naming } from "./whole-file.ts";

/** The place where Node looks for the files inside it. */
const resource = "NODE_SEA_BLOB";
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

export type SeaRequest = {
  /** The name of the file. */
  readonly name: string;
  readonly root: string;
  /** The files inside, each by the name that asks for it. */
  readonly parts: { readonly [name: string]: string | Uint8Array };
  /** The script that Node runs. */
  readonly main: string | Uint8Array;
  /** The program that is copied. */
  readonly node: string;
};

/** @throws {ReleaseError} `injector_missing`, `bundling_failed` */
export async function seaFile(request: SeaRequest): Promise<ReleaseFile> {
  const { inject } = await importInjector(request.root);
  const folder = mkdtempSync(join(tmpdir(), "slipway-sea-"));
  try {
    const blob = naming({ path: folder }, () => blobIn(folder, request));
    const program = join(folder, "program");
    naming({ path: program }, () => copyFileSync(request.node, program));
    await quietly(() => inject(program, resource, blob, { sentinelFuse: fuse }));
    return { path: `bin/${request.name}`, contents: readFileSync(program), executable: true };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function blobIn(folder: string, { parts, main, node }: SeaRequest): Buffer {
  const paths = Object.keys(parts).map((name) => [name, join(folder, name)] as const);
  for (const [name, path] of paths) writeFileSync(path, parts[name] ?? "");
  writeFileSync(join(folder, "start.cjs"), main);
  const settings = {
    main: join(folder, "start.cjs"),
    output: join(folder, "blob"),
    disableExperimentalSEAWarning: true,
    assets: Object.fromEntries(paths),
  };
  writeFileSync(join(folder, "sea.json"), JSON.stringify(settings));
  const made = spawnSync(node, ["--experimental-sea-config", join(folder, "sea.json")], {
    env: {},
    encoding: "utf8",
  });
  if (made.status === 0) return readFileSync(settings.output);
  throw new DevelopmentError("bundling_failed", {
    places: [made.stderr.trim() || String(made.error)],
    hint: "Build the release without --sea.",
  });
}

type Injector = {
  readonly inject: (
    file: string,
    resource: string,
    contents: Buffer,
    options: { readonly sentinelFuse: string },
  ) => Promise<void>;
};

/** The project's injector, or else the one that is installed beside this package. */
async function importInjector(root: string): Promise<Injector> {
  for (const from of [join(root, "package.json"), import.meta.url]) {
    try {
      const path = createRequire(from).resolve("postject");
      const { default: injector } = await import(pathToFileURL(path).href);
      return injector;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND"))
        throw error;
    }
  }
  throw new DevelopmentError("injector_missing", {});
}

/** It warns on stdout of parts of Node's program that it does not know. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { log, warn } = console;
  Object.assign(console, { log: () => undefined, warn: () => undefined });
  try {
    await work();
  } finally {
    Object.assign(console, { log, warn });
  }
}
