/** Restating a column, on the texts of SHOW CREATE TABLE of both servers. Runs without a server. */
import { expect, it } from "vitest";
import { readColumn, restateColumn } from "../../src/adapters/mysql/procedures/column-text.ts";
import type { ColumnEdit } from "../../src/adapters/mysql/procedures/procedure.ts";

const mariadb = `CREATE TABLE \`po,sts(\` (
  \`id\` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  \`title\` varchar(255) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'a,)''b' COMMENT 'NOT NULL, DEFAULT 1',
  \`mood\` enum('a,b','c)') DEFAULT NULL,
  \`at\` datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  \`data\` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(\`data\`)),
  \`n\` int(11) DEFAULT NULL CHECK (\`n\` > 0),
  \`seen\` int(11) INVISIBLE DEFAULT -1 WITHOUT SYSTEM VERSIONING,
  PRIMARY KEY (\`id\`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;

const mysql = `CREATE TABLE "posts" (
  "ti""tle" varchar(255) COLLATE utf8mb4_bin NOT NULL DEFAULT (concat(_utf8mb4'a',_utf8mb4')')) /*!80023 INVISIBLE */,
  "sum" int GENERATED ALWAYS AS (("a" + 1)) STORED NOT NULL COMMENT 'it',
  "data" json DEFAULT NULL
) ENGINE=InnoDB`;

const cases: readonly (readonly [string, string, ColumnEdit, string])[] = [
  [mariadb, "id", { type: "int" }, "int NOT NULL AUTO_INCREMENT"],
  [
    mariadb,
    "TITLE",
    { null: true },
    "varchar(255) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'a,)''b' COMMENT 'NOT NULL, DEFAULT 1' NULL",
  ],
  [
    mariadb,
    "title",
    { type: "text", default: "'x'", comment: "''", collation: "utf8mb4_bin" },
    "text COLLATE `utf8mb4_bin` NOT NULL DEFAULT 'x' COMMENT ''",
  ],
  [
    mariadb,
    "title",
    { type: "int", default: "none" },
    "int NOT NULL COMMENT 'NOT NULL, DEFAULT 1'",
  ],
  [mariadb, "mood", { null: false }, "enum('a,b','c)') NOT NULL"],
  [mariadb, "mood", { default: "'a,b'", after: "id" }, "enum('a,b','c)') DEFAULT 'a,b' AFTER `id`"],
  [
    mariadb,
    "at",
    { null: false },
    "datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6) NOT NULL",
  ],
  [
    mariadb,
    "data",
    { comment: "'c'" },
    "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'c' CHECK (json_valid(`data`))",
  ],
  [mariadb, "data", { type: "blob" }, "blob DEFAULT NULL"],
  [mariadb, "n", { type: "bigint", null: false }, "bigint NOT NULL CHECK (`n` > 0)"],
  [mariadb, "seen", { default: "none" }, "int(11) INVISIBLE WITHOUT SYSTEM VERSIONING"],
  [
    mysql,
    'ti"tle',
    { type: "varchar(9)" },
    "varchar(9) COLLATE utf8mb4_bin NOT NULL DEFAULT (concat(_utf8mb4'a',_utf8mb4')')) /*!80023 INVISIBLE */",
  ],
  [
    mysql,
    "sum",
    { comment: "'c'" },
    `int GENERATED ALWAYS AS (("a" + 1)) STORED NOT NULL COMMENT 'c'`,
  ],
  [mysql, "data", { null: false }, "json NOT NULL"],
];

it.each(cases)("%# restates column %s %o", (createTable, column, edit, expected) => {
  expect(restateColumn(readColumn(createTable, column) ?? [], edit)).toBe(expected);
});

it("finds no key and no column that is not there", () => {
  expect(readColumn(mariadb, "PRIMARY")).toBeUndefined();
  expect(readColumn(mariadb, "nope")).toBeUndefined();
});
