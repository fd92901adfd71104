/**
 * What a migration costs on MariaDB: counted by the server, not timed. A budget is what it costs today; whoever makes
 * something cheaper lowers it.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { defineRelease, type MigrationsOption } from "../../src/index.ts";
import { startMariadb } from "../support/mariadb.ts";
import { recorder } from "../support/recorder.ts";
import { within } from "./within.ts";

// The counts are those of the whole server, so nobody else may be on it.
const server = await startMariadb();
const url = server?.url ?? "";

/** `Questions` are messages of clients; `Queries` count what is inside of a block too. */
const counters = ["Questions", "Queries", "Com_commit", "Bytes_received"] as const;
type Counts = { readonly [Counter in (typeof counters)[number]]: number };

async function counts(): Promise<Counts> {
  const session = await mysql({ url }).open({ role: "work", application: "test" });
  const names = counters.map((name) => `'${name}'`).join(", ");
  const rows = await session.query(`SHOW GLOBAL STATUS WHERE Variable_name IN (${names})`);
  await session.close();
  const counted = new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]));
  return Object.fromEntries(counters.map((name) => [name, counted.get(name) ?? 0])) as Counts;
}

/** A table and an index each. */
function migrations(upTo: number): MigrationsOption {
  const files = Array.from({ length: upTo }, (_, i): [string, string] => [
    `${i + 1}_table_${i + 1}`,
    `CREATE TABLE t${i} (id bigint PRIMARY KEY, title varchar(200));\nCREATE INDEX t${i}_title ON t${i} (title);\n`,
  ]);
  return Object.fromEntries(files);
}

async function migrate(upTo: number): Promise<Counts> {
  // The schema that is kept is a question for each table, and no matter of a migration.
  const main = { adapter: mysql({ url }), migrations: migrations(upTo), fingerprint: false };
  const before = await counts();
  await defineRelease({ app: "app", repos: { main } }).using(recorder().world).migrate();
  const after = await counts();
  return Object.fromEntries(
    counters.map((name) => [name, after[name] - before[name]]),
  ) as unknown as Counts;
}

describe.skipIf(server === undefined)("on MariaDB", () => {
  let each: Counts;
  beforeAll(async () => {
    await migrate(1);
    const [five, twenty] = [await migrate(6), await migrate(26)];
    each = Object.fromEntries(
      counters.map((name) => [name, (twenty[name] - five[name]) / 15]),
    ) as unknown as Counts;
    console.log(`a migration of two statements of DDL: ${JSON.stringify(each)}`);
  });
  afterAll(() => server?.stop());

  it("a table and its index are three messages: one of them tells what has happened, and what will", () => {
    expect(each.Questions).toBe(3);
  });

  it("one is recorded in the transaction that announces the next", () => {
    expect(each.Com_commit).toBe(1);
  });

  it("they are so many statements and bytes", () => {
    within(
      { statements: each.Queries, bytes: each.Bytes_received },
      { statements: 15, bytes: 3130 },
    );
  });

  it("keeps so many bytes of a migration, and nothing of one that is done in the journal", async () => {
    const session = await mysql({ url }).open({ role: "work", application: "test" });
    const sizes = async (table: string, columns: string) => {
      const [row] = await session.query(
        `SELECT AVG(LENGTH(CONCAT_WS(',', ${columns}))) AS bytes, COUNT(*) AS many FROM ${table}`,
      );
      return { bytes: Number(row?.bytes), many: Number(row?.many) };
    };
    const history = await sizes(
      "schema_migrations",
      "version, inserted_at, name, checksum, meaning, plan, duration_ms, run_id, `release`, host, phase, compatible_from, fence",
    );
    const event = await sizes(
      "slipway_events",
      "id, at, version, name, result, duration_ms, reason, run_id, `release`, host, fence",
    );
    const journal = await sizes("slipway_journal", "version");
    await session.close();
    console.log(`kept of a migration, in bytes: ${JSON.stringify({ history, event })}`);
    expect(history.many).toBe(26);
    expect(journal.many).toBe(0);
    within({ history: history.bytes, event: event.bytes }, { history: 668, event: 96 });
  });
});
