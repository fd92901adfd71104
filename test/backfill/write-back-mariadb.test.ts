/** What `each` writes back on a real MariaDB: many rows in one statement, each value as its own literal would be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mysqlDialect } from "../../src/adapters/mysql/dialect.ts";
import { literal } from "../../src/adapters/mysql/literal.ts";
import { assumedServer } from "../../src/adapters/mysql/server.ts";
import { defineBackfill } from "../../src/index.ts";
import { releaseOn } from "../conformance/support/release.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";

const server = await mariadbOfRun();
const serverUrl = server?.url ?? "";

const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => value.isWellFormed());
const awkward = fc.constantFrom(
  "",
  "null",
  "'",
  '"',
  "\\",
  "\\'",
  "\\0",
  "\0",
  "é'\"\\\n",
  "😀",
  "1",
);
const anyText = fc.oneof(awkward, text);
const two = (digits: number) => String(digits).padStart(2, "0");
const micros = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([month, part]) => `2021-${two(month)}-28 23:59:59.${String(part).padStart(6, "0")}`);
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(6, "0")}`);
const bytes = fc.uint8Array({ maxLength: 20 });

/** Column → its type, and what is written into it. */
const columns: { readonly [name: string]: readonly [string, fc.Arbitrary<unknown>] } = {
  big: ["bigint", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  big_text: ["bigint unsigned", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)],
  small: ["tinyint(1)", fc.boolean()],
  exact: ["decimal(30, 6)", decimal],
  real_one: ["double", fc.double({ noNaN: true, noDefaultInfinity: true })],
  words: ["text", anyText],
  latin: ["varchar(40) character set latin1", fc.constantFrom("é'\\", "ü", "\\", "plain", "")],
  bytes: ["varbinary(40)", fc.oneof(bytes, fc.constantFrom("é", "\\'"))],
  blob_one: ["longblob", bytes],
  at: [
    "datetime(6)",
    fc.oneof(
      micros,
      fc.date({ min: new Date("2000-01-01"), max: new Date("2037-01-01"), noInvalidDate: true }),
    ),
  ],
  day: ["date", fc.constantFrom("0001-01-01", "9999-12-31")],
  clock: ["time(6)", fc.constantFrom("-838:59:59.000001", "00:00:00.000001")],
  doc: ["json", fc.json().map((json) => ({ json, parsed: JSON.parse(json) as unknown }))],
  doc_text: ["json", fc.constantFrom('{"a": "\\\\\\""}', "null", '"x"', "[]")],
  flags: ["bit(4)", fc.integer({ min: 0, max: 15 })],
  kind: ["enum('a', 'b')", fc.constantFrom("a", "b", 2)],
  id_one: ["uuid", fc.uuid({ version: 4 })],
};

const names = Object.keys(columns);
/** What no text says right, so that such a row gets a statement of its own. */
const single = ["flags", "kind"];
const rowOf = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.option(columns[name]![1], { freq: 8 })])),
);

async function withTable(
  keys: string,
  work: (database: MysqlDatabase) => Promise<void>,
): Promise<void> {
  const database = await freshMysql(serverUrl);
  try {
    const list = names.flatMap((name) => [
      `${name} ${columns[name]![0]}`,
      `${name}_own ${columns[name]![0]}`,
    ]);
    await database.query(`create table things (${keys}, ${list.join(", ")}) charset utf8mb4`);
    await work(database);
  } finally {
    await database.dispose();
  }
}

describe.skipIf(server === undefined)("on MariaDB", () => {
  it("writes many rows at once as it would each of them by itself", () =>
    withTable("id bigint unsigned primary key", async (database) => {
      const values: Readonly<Record<string, unknown>>[] = fc
        .sample(rowOf, { numRuns: 400, seed: 20211107 })
        .map((row, i) =>
          i % 4 === 0
            ? row
            : Object.fromEntries(Object.entries(row).filter(([name]) => !single.includes(name))),
        );
      const idOf = (i: number) => String(2n ** 63n + BigInt(i));
      await database.query(
        `insert into things (id) values ${values.map((_, i) => `(${idOf(i)})`).join(", ")}`,
      );
      const byId = new Map(values.map((row, i) => [idOf(i), row]));
      const each = (row: Readonly<Record<string, unknown>>) => byId.get(String(row.id));
      const backfill = defineBackfill({ table: "things", key: "id", each, batchSize: 150 });
      await releaseOn(
        database,
        {},
        { dataMigrations: { "1_all": backfill } },
      ).release.migrateData();
      const session = await database.adapter.open({ role: "work", application: "test" });
      await session.query("start transaction");
      for (const [id, row] of byId) {
        const set = names.map((name) => `${name}_own = ${literal(row[name])}`);
        await session.query(`update things set ${set.join(", ")} where id = ${id}`);
      }
      await session.query("commit");
      await session.close();
      for (const name of names) {
        const [first] = await database.query(
          `select id, hex(${name}), hex(${name}_own) from things where not (${name} <=> ${name}_own) or not (hex(${name}) <=> hex(${name}_own)) or not (cast(${name} as char) <=> cast(${name}_own as char)) limit 1`,
        );
        expect({ name, first }).toEqual({ name, first: undefined });
        const [row] = await database.query(`select count(${name}) as written from things`);
        expect(row).toEqual({
          written: values.filter((one) => (one[name] ?? null) !== null).length,
        });
      }
    }));

  it.each<[string, string, string]>([
    [
      "text of its own collation",
      "varchar(30) collate utf8mb4_bin",
      "concat(if(seq % 2, 'a', 'A'), '''\\\\', seq div 2)",
    ],
    ["text of another character set", "varchar(30) character set latin1", "concat('é', seq)"],
    [
      "a time",
      "timestamp(6) default current_timestamp(6)",
      "'2021-01-01' + interval seq microsecond",
    ],
    ["an exact number", "decimal(30, 3)", "seq + 9007199254740992.125"],
    ["a uuid", "uuid", "uuid()"],
    ["a number of two columns", "int, part char(3)", "seq div 3, seq % 3"],
    ["bytes of text", "char(36) character set ascii", "uuid()"],
  ])("finds every row by %s", (_, type, expression) =>
    withTable(
      `k ${type} not null, constraint pk primary key (k${type.includes("part") ? ", part" : ""})`,
      async (database) => {
        const own = type.includes("part") ? ["k", "part"] : ["k"];
        await database.query(
          `insert into things (${own.join(", ")}) select ${expression} from seq_1_to_300`,
        );
        const each = () => ({ words: "\\'", big: 7n });
        const backfill = defineBackfill({ table: "things", key: own, each, batchSize: 70 });
        const { release } = releaseOn(database, {}, { dataMigrations: { "1_all": backfill } });
        await release.migrateData();
        const sql = "select count(*) as written from things where words = '\\\\''' and big = 7";
        expect(await database.query(sql)).toEqual([{ written: 300 }]);
      },
    ),
  );

  it("needs one statement for them", () => {
    const plain = names.filter((name) => !single.includes(name));
    const rows = fc.sample(rowOf, 100).map((row, i) => ({
      key: [String(i)],
      values: plain.map((name) => row[name]),
    }));
    const column = (name: string, type: string) => ({
      ...{
        name,
        type,
        base: type,
        cast: type,
        collation: undefined,
        notNull: false,
        hasDefault: false,
        moves: false,
      },
    });
    const sqls = mysqlDialect(assumedServer).backfill.updateRows?.({
      table: { name: "things" },
      keys: [column("id", "bigint(20) unsigned")],
      columns: plain.map((name) => column(name, columns[name]![0])),
      rows,
    });
    expect(sqls).toEqual({ sqls: [expect.stringMatching(/^UPDATE JSON_TABLE/)], single: [] });
  });

  it("has text of any length", () =>
    withTable("id int primary key", async (database) => {
      await database.query("insert into things (id) select seq from seq_1_to_40");
      const each = (row: Readonly<Record<string, unknown>>) => ({
        blob_one: "\\".repeat(Number(row.id) === 7 ? 700_000 : 60_000),
      });
      const backfill = defineBackfill({ table: "things", key: "id", each });
      await releaseOn(
        database,
        {},
        { dataMigrations: { "1_all": backfill } },
      ).release.migrateData();
      const sql = "select length(blob_one) as long_ones, count(*) as found from things group by 1";
      expect(await database.query(sql)).toEqual([
        { long_ones: 60_000, found: 39 },
        { long_ones: 700_000, found: 1 },
      ]);
    }));
});
