/** What a migration costs on SQLite: the statements that are handed to it, counted, and the bytes that it keeps. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { defineRelease, type MigrationsOption } from "../../src/index.ts";
import { recorder } from "../support/recorder.ts";
import { within } from "./within.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-budget-"));
const path = join(folder, "app.db");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A table and an index each. */
function migrations(upTo: number): MigrationsOption {
  const files = Array.from({ length: upTo }, (_, i): [string, string] => [
    `${i + 1}_table_${i + 1}`,
    `CREATE TABLE t${i} (id bigint PRIMARY KEY, title text);\nCREATE INDEX t${i}_title ON t${i} (title);\n`,
  ]);
  return Object.fromEntries(files);
}

async function migrate(upTo: number): Promise<{ statements: number; bytes: number }> {
  const main = { adapter: sqlite({ path }), migrations: migrations(upTo), fingerprint: false };
  const heard = [
    vi.spyOn(DatabaseSync.prototype, "prepare"),
    vi.spyOn(DatabaseSync.prototype, "exec"),
  ];
  await defineRelease({ app: "app", repos: { main } }).using(recorder().world).migrate();
  const texts = heard.flatMap((spy) => spy.mock.calls.map(([sql]) => String(sql)));
  for (const spy of heard) spy.mockRestore();
  return { statements: texts.length, bytes: texts.reduce((sum, { length }) => sum + length, 0) };
}

let each: { statements: number; bytes: number };
beforeAll(async () => {
  await migrate(1);
  const [five, twenty] = [await migrate(6), await migrate(26)];
  each = {
    statements: (twenty.statements - five.statements) / 15,
    bytes: (twenty.bytes - five.bytes) / 15,
  };
  console.log(`a migration of two statements: ${JSON.stringify(each)}`);
});

it("a migration of two statements is so many statements and bytes", () => {
  within(each, { statements: 8, bytes: 1674 });
});

it("keeps so many bytes of a migration", () => {
  const database = new DatabaseSync(path, { readOnly: true });
  const bytesOf = (table: string) => {
    const rows = database.prepare(`SELECT * FROM ${table}`).all();
    expect(rows.length, table).toBeGreaterThanOrEqual(26);
    const size = (row: object) =>
      Object.values(row).reduce((sum, value) => sum + Buffer.byteLength(String(value ?? "")), 0);
    return rows.reduce((sum, row) => sum + size(row), 0) / rows.length;
  };
  const kept = { history: bytesOf("schema_migrations"), event: bytesOf("slipway_events") };
  database.close();
  console.log(`kept of a migration, in bytes: ${JSON.stringify(kept)}`);
  within(kept, { history: 459, event: 102 });
});
