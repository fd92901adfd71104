/** What package-lock.json must say beyond what npm writes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

type Entry = { readonly gypfile?: boolean; readonly resolved?: string };

const root = join(import.meta.dirname, "..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const entries: readonly (readonly [string, Entry])[] = Object.entries(
  read("package-lock.json").packages,
);

it("names no address that something was downloaded from", () => {
  expect(entries.length).toBeGreaterThan(100);
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

// npm ci compiles such a package for want of this word, which npm leaves out: findings/npm-ci-builds-prebuilt-packages.sh
it('has "gypfile": false for each package that brings its binaries, so that no machine needs a compiler', () => {
  const prebuilt = entries.filter(
    ([path]) =>
      existsSync(join(root, path, "binding.gyp")) &&
      read(join(path, "package.json")).gypfile === false,
  );
  expect(prebuilt.map(([path]) => path)).toContain("node_modules/better-sqlite3");
  expect(prebuilt.filter(([, { gypfile }]) => gypfile !== false)).toEqual([]);
});
