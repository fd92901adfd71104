/** Folders of migrations on disk, removed after each test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** A root folder with these files, path → text. */
export function tree(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-conformance-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** The text of a migration that creates a table. */
export function createsTable(name: string): string {
  return `export default { change(m) { m.createTable("${name}", (t) => t.id()); } };\n`;
}

/** Files that create a table each: `db/13_hello.ts` creates `hello`. */
export function tableFiles(...paths: readonly string[]): { readonly [path: string]: string } {
  return Object.fromEntries(
    paths.map((path) => [path, createsTable(path.replace(/^.*\d+_(\w+)\.\w+$/, "$1"))]),
  );
}
