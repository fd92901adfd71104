/** Folders with migrations in them, for the tests of discovery. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { isReleaseError } from "../../src/core/model/errors.ts";
import { folders } from "../../src/engine/discovery/folders.ts";
import type { Source } from "../../src/engine/discovery/source.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A root folder with these files, path → text. */
export function tree(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-discovery-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

export function source(
  files: { readonly [path: string]: string },
  folder: string | readonly string[] = "m",
): Source {
  return folders(folder, { repo: "main", root: tree(files) });
}

export const named = (...paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, "select 1"]));

export async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing refused",
    (error: unknown) => {
      if (isReleaseError(error)) return { code: error.code, message: error.message };
      throw error;
    },
  );
}

/** What a migration of this source records, in both directions. */
export async function recorded(from: Source): Promise<unknown> {
  const { files } = await from.list();
  const { definition } = await from.load(files[0]!, "postgres");
  const sql: string[] = [];
  const m = { execute: (text: string) => sql.push(text.trim()) } as never;
  definition.up?.(m);
  definition.down?.(m);
  return { sql, transaction: definition.transaction };
}
