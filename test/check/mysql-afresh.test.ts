/** What `check` says of MySQL's statements is what a MariaDB needs to make them. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/check/check-files.ts";
import { wordParser } from "../../src/core/safety/effects/by-words.ts";
import { tableChange } from "../../src/core/sql/mysql-table-change.ts";
import { splitStatements } from "../../src/core/sql/statements.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { shop, statements, type Way, withoutWord } from "./sweep/mysql-afresh.ts";

const ruleOf: { readonly [Each in Way]: readonly string[] } = {
  instant: [],
  rebuild: ["mysql-table-rebuild"],
  shared: ["mysql-inplace-blocks-writes"],
  copy: ["mysql-copy-blocks-writes"],
};

function found(sql: string): readonly string[] {
  const parser = wordParser("mysql");
  const schema = { name: "shop.sql", text: shop };
  const options = { parser, dialect: "mysql", schema, inTransaction: false, policy: true } as const;
  return checkFiles([{ name: "a.sql", text: sql }], options).findings.map(({ rule }) => rule);
}

it.each([...statements, ...withoutWord])("%s", (sql, way) => {
  expect(found(sql)).toEqual(ruleOf[way]);
});

it("knows a column by the migrations before, and by what became of it", () => {
  const parser = wordParser("mysql");
  const rules = (text: string) =>
    checkFiles([{ name: "a.sql", text }], {
      parser,
      dialect: "mysql",
      schema: { name: "s.sql", text: "CREATE TABLE t (a int, b int);" },
      inTransaction: false,
      policy: true,
    }).findings.map(({ rule, line }) => `${line} ${rule}`);
  expect(rules("ALTER TABLE t MODIFY a bigint;\nALTER TABLE t MODIFY a bigint;")).toEqual([
    "1 mysql-copy-blocks-writes",
  ]);
  expect(rules("ALTER TABLE t CHANGE a c int;\nALTER TABLE t MODIFY `C` bigint;")).toEqual([
    "2 mysql-copy-blocks-writes",
  ]);
  expect(rules("ALTER TABLE t DROP a, ADD a text;\nALTER TABLE t MODIFY a text;")).toEqual([]);
  expect(rules("ALTER TABLE t ADD PRIMARY KEY (a);\nALTER TABLE t MODIFY a int NOT NULL;")).toEqual(
    ["1 mysql-table-rebuild"],
  );
  expect(rules("ALTER TABLE u MODIFY a bigint;")).toEqual(["1 will-fail"]);
});

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("MariaDB", () => {
  const ways: readonly (readonly [Way, string])[] = [
    ["instant", "ALGORITHM=INSTANT"],
    ["instant", "ALGORITHM=NOCOPY, LOCK=NONE"],
    ["rebuild", "ALGORITHM=INPLACE, LOCK=NONE"],
    ["shared", "ALGORITHM=INPLACE, LOCK=SHARED"],
    ["copy", ""],
  ];

  /** A way that is refused changes nothing. */
  async function best(database: MysqlDatabase, sql: string): Promise<Way | undefined> {
    const { kind, nameEnd } = tableChange(sql)!;
    for (const [way, words] of ways) {
      const asked =
        kind === "index"
          ? `${sql} ${words.replace(",", "")}`
          : `${sql.slice(0, nameEnd)} ${words}${words && ","}${sql.slice(nameEnd)}`;
      const plain = words === "" ? sql : asked;
      const error = await database.query(plain).then(
        () => undefined,
        (thrown: { errno?: number }) => thrown,
      );
      if (error === undefined) return way;
      expect([sql, [1845, 1846].includes(error.errno ?? 0)]).toEqual([sql, true]);
    }
    return undefined;
  }

  const alone = statements.filter(([sql]) => !/PARTITION BY/.test(sql));

  it("makes each of them so", { timeout: 300_000 }, async () => {
    const wrong: string[] = [];
    for (const [sql, way] of alone) {
      const database = await freshMysql(server?.url ?? "");
      try {
        for (const one of splitStatements(shop, "mysql")) await database.query(one.sql);
        const seen = await best(database, sql);
        if (seen !== way) wrong.push(`${sql}: ${seen}, not ${way}`);
      } finally {
        await database.dispose();
      }
    }
    expect(wrong).toEqual([]);
  });
});
