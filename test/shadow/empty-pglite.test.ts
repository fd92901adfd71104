/** The data directory of an empty PGlite is made once, and a damaged one is no reason to fail. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterEach, expect, it } from "vitest";
import { openEmptyPglite } from "../../src/shadow/trace/empty-pglite.ts";

const { version } = createRequire(createRequire(import.meta.url).resolve("@electric-sql/pglite"))(
  "../package.json",
) as { version: string };
const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "slipway-empty-"));
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

it("makes it anew where the kept one is damaged, and opens the next from that", async () => {
  const cache = join(folder, "node_modules/.cache/slipway");
  const file = join(cache, `empty-pglite-${version}.tar.zst`);
  mkdirSync(cache, { recursive: true });
  mkdirSync(join(folder, "inside"));
  writeFileSync(file, "cut off");
  process.chdir(join(folder, "inside"));
  await expectEmpty();
  expect(readdirSync(cache)).toEqual([`empty-pglite-${version}.tar.zst`]);
  const { mtimeMs, size } = statSync(file);
  expect(size).toBeGreaterThan(1_000_000);
  await expectEmpty();
  expect(statSync(file).mtimeMs).toBe(mtimeMs);
});

/** What is made in one is not in the next. */
async function expectEmpty(): Promise<void> {
  const client = await openEmptyPglite(PGlite);
  await client.exec("create table posts (id int)");
  const { rows } = await client.query(
    "select count(*)::int as tables from pg_tables where schemaname = 'public'",
  );
  expect(rows).toEqual([{ tables: 1 }]);
  await client.close();
}
