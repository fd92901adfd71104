/** An SQL file that is too large to be read as a whole is sent while it is read. */
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineRelease, ReleaseError } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checksum } from "../../src/engine/checksum.ts";
import {
  hasWord,
  isLarge,
  largeChecksum,
  largeFrom,
  saysNothing,
} from "../../src/engine/discovery/large-file.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-large-"));
  mkdirSync(join(folder, "migrations"));
  file = join(folder, "migrations/1_import.sql");
});
afterEach(() => rmSync(folder, { recursive: true }));

const head = "create table notes (id int primary key, body text);\n";
const insert = (i: number) => `insert into notes values (${i}, '${"ä;".repeat(4_000)}');\n`;
const many = 700;

/** Larger than what is read whole. */
function large(above = ""): void {
  writeFileSync(file, above + head);
  for (let i = 1; i <= many; i++) appendFileSync(file, insert(i));
}

describe("a file", () => {
  it("is large from a size on", () => {
    writeFileSync(file, head);
    expect(isLarge(file)).toBe(false);
    large();
    expect(isLarge(file)).toBe(true);
  });

  it("has the checksum that its text has", () => {
    const text = `\uFEFF${insert(1).repeat(200)}`;
    writeFileSync(file, text);
    expect(largeChecksum([file])).toBe(checksum(text));
    const down = join(folder, "down.sql");
    writeFileSync(down, "drop table notes;");
    expect(largeChecksum([file, down])).toBe(checksum(`${text}\0drop table notes;`));
  });

  const words: readonly (readonly [string, boolean])[] = [
    ["select 1; -- a comment", true],
    ["-- a comment", true],
    ["-- migrate:up", true],
    ["-- +goose Up", true],
    ["select '-- migrate:down';", true],
    ["select 1;\n-- migrate:up", false],
    ["-- migrate:up transaction:false", false],
    ["-- migrate:down", false],
    ["  -- slipway: transaction=false", false],
    ["-- +goose NO TRANSACTION", false],
    ["-- postgres-migrations disable-transaction", false],
    ["-- undo", false],
  ];

  it.each(words)("%j says nothing about itself: %s", (line, expected) => {
    writeFileSync(file, `${line}\n${insert(1).repeat(40)}`);
    expect(saysNothing(file, "1_import.sql")).toBe(expected);
    if (line.startsWith("-- migrate:up") || line.startsWith("-- +goose Up")) return;
    // Wherever it stands: at the edge of two pieces, and as the last line.
    for (const before of [250_000 - line.length, 250_000 - 5, 250_000, 499_990]) {
      writeFileSync(file, `${"x".repeat(before - 1)}\n${line}\n${insert(1)}`);
      expect(saysNothing(file, "1_import.sql"), String(before)).toBe(expected);
      writeFileSync(file, `${"x".repeat(before - 1)}\n${line}`);
      expect(saysNothing(file, "1_import.sql"), `${before}, last`).toBe(expected);
    }
  });

  it("is looked through for a word", () => {
    for (const at of [0, 63_990, 63_996, 64_000, 127_985, 600_000]) {
      writeFileSync(file, `${"x".repeat(at)}repeatable${"x".repeat(10)}`);
      expect(hasWord(file, "repeatable"), String(at)).toBe(true);
    }
    writeFileSync(file, "x".repeat(600_000));
    expect(hasWord(file, "repeatable")).toBe(false);
  });
});

describe.each(["postgres", "pglite"] as const)("on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  async function migrate() {
    const main = { adapter: database.adapter, migrations: join(folder, "migrations") };
    const { world, events } = recorder();
    try {
      await defineRelease({ app: "app", repos: { main } }).using(world).migrate();
      return { events, error: undefined };
    } catch (error) {
      if (error instanceof ReleaseError) return { events, error };
      throw error;
    }
  }

  it("is applied in one transaction, and the history keeps its name", async () => {
    large();
    const { events, error } = await migrate();
    expect(error).toBeUndefined();
    expect(
      await database.query("select count(*)::int as n, max(length(body)) as l from notes"),
    ).toEqual([{ n: many, l: 8_000 }]);
    const [row] = await database.query(
      "select length(plan::text) as plan, checksum from schema_migrations",
    );
    expect(row?.checksum).toBe(`sql:${largeChecksum([file])}`);
    expect(Number(row?.plan)).toBeLessThan(1_000);
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.code] : []));
    expect(warnings).toEqual(["file_not_judged"]);
    expect((await migrate()).error).toBeUndefined();
  });

  it("is refused once it was edited", async () => {
    large();
    await migrate();
    large("-- another\n");
    writeFileSync(join(folder, "migrations/2_more.sql"), "create table more (id int);");
    expect((await migrate()).error?.code).toBe("migration_edited");
  });

  it("says where a statement failed, and leaves nothing", async () => {
    large();
    appendFileSync(file, "insert into notes\n  values (1);\nselect 1;\n");
    const { error } = await migrate();
    expect(error?.code).toBe("migration_failed");
    expect(error?.message).toMatch(
      /at "execute file \S*1_import\.sql" line 702, statement 702, near insert into notes values \(1\)/,
    );
    expect(await database.tables()).not.toContain("notes");
  });

  it("says which line is no SQL, and leaves nothing", async () => {
    large();
    appendFileSync(file, "select 'a;\n");
    const { error } = await migrate();
    expect(error?.code).toBe("migration_invalid");
    expect(error?.message).toMatch(/line 702: the string that starts with ' is not closed/);
    expect(await database.tables()).not.toContain("notes");
  });

  it("does without a BEGIN and a COMMIT of its own, and with rows of COPY", async () => {
    large("begin;\n");
    appendFileSync(file, "commit;\ncopy notes from stdin;\n9001\tone\n9002\ttwo\n\\.\n");
    expect((await migrate()).error).toBeUndefined();
    const rows = "select body from notes where id > 9000 order by id";
    expect(await database.query(rows)).toEqual([{ body: "one" }, { body: "two" }]);
  });

  it("leaves nothing where the file is another when it is sent", async () => {
    large();
    const main = { adapter: database.adapter, migrations: join(folder, "migrations") };
    const edit = () => {
      const at = openSync(file, "r+");
      writeSync(at, "Ä", statSync(file).size - 100);
      closeSync(at);
    };
    const emit = (event: RunEvent) => {
      // Of the same length, far behind what was read by then.
      if (event.type === "sql" && event.sql.startsWith("insert")) edit();
    };
    const release = defineRelease({ app: "app", repos: { main } }).using({ emit });
    await expect(release.migrate({ logMigrationsSql: true })).rejects.toMatchObject({
      code: "migration_invalid",
      message: expect.stringMatching(/1_import\.sql: its text is not the one that was planned$/),
    });
    expect(await database.tables()).not.toContain("notes");
  });

  it("names the byte that is no character", async () => {
    large();
    appendFileSync(file, Buffer.from([0x2d, 0x2d, 0xff, 0x0a]));
    expect((await migrate()).error?.code).toBe("not_utf8");
    expect(await database.tables()).not.toContain("notes");
  });

  it("is read whole where it has a way back in it", async () => {
    large("-- migrate:up\n");
    appendFileSync(file, "-- migrate:down\ndrop table notes;\n");
    const { events, error } = await migrate();
    expect(error).toBeUndefined();
    expect(
      events.some((event) => event.type === "warning" && event.code === "file_not_judged"),
    ).toBe(false);
    const [row] = await database.query("select plan->'format' as format from schema_migrations");
    expect(row?.format).toBe(2);
  });

  it("keeps the way back of a pair", async () => {
    large();
    const text = join(folder, "migrations/2_pair.up.sql");
    writeFileSync(text, `-- ${"x".repeat(largeFrom)}\ninsert into notes values (5000, 'five');\n`);
    writeFileSync(join(folder, "migrations/2_pair.down.sql"), "delete from notes where id = 5000;");
    await migrate();
    const main = { adapter: database.adapter, migrations: join(folder, "migrations") };
    const release = defineRelease({ app: "app", repos: { main } }).using(recorder().world);
    const five = "select id from notes where id = 5000";
    expect(await database.query(five)).toHaveLength(1);
    await release.rollback("main", { step: 1 });
    expect(await database.query(five)).toHaveLength(0);
  });
});
