/** Schemas of MariaDB that chance makes, with the same few names, so that two of them have much in common. */
import type { Chance } from "../../support/random.ts";

/** Statements that make one; some of them fail, because what they name is not there. */
export function randomMariadbSchema(chance: Chance): readonly string[] {
  const { one } = chance;
  const often = (sql: string) => (chance.below(3) === 0 ? [] : [sql]);
  const rarely = (sql: string) => (chance.below(3) === 0 ? [sql] : []);
  const tables = ["users", "posts", "tags"].filter(() => chance.below(5) > 0);
  return [
    ...rarely(
      `CREATE SEQUENCE counter START WITH ${one(["1", "5"])} INCREMENT BY ${one(["1", "2"])}`,
    ),
    ...tables.map((table) => tableOf(table, chance)),
    ...rarely(
      `ALTER TABLE posts ADD CONSTRAINT posts_fk FOREIGN KEY (${one(["a", "id"])}) REFERENCES ${one(["users", "tags"])} (id)${one(["", " ON DELETE CASCADE", " ON UPDATE RESTRICT"])}`,
    ),
    ...rarely("ALTER TABLE tags ADD CONSTRAINT tags_fk FOREIGN KEY (b) REFERENCES posts (id)"),
    ...often(`CREATE INDEX posts_a ON posts (${one(["a", "a, b", "b", "b(5)"])})`),
    ...rarely(`CREATE UNIQUE INDEX users_u ON users (${one(["a", "id, b"])})`),
    ...rarely("CREATE FULLTEXT INDEX tags_f ON tags (c)"),
    ...often(
      `CREATE VIEW seen AS SELECT ${one(["id", "id, a", "count(*) AS n"])} FROM ${one(["posts", "users"])}`,
    ),
    ...rarely(`CREATE ALGORITHM=MERGE VIEW above AS SELECT * FROM ${one(["seen", "tags"])}`),
    ...rarely(
      `CREATE TRIGGER touched BEFORE ${one(["INSERT", "UPDATE"])} ON ${one(["posts", "tags"])} FOR EACH ROW BEGIN SET @x = ${one(["1", "'a;b'"])}; SET @y = 2; END`,
    ),
    ...rarely(
      `CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN ${one(["n * 2", "n + n"])}`,
    ),
    ...rarely("CREATE PROCEDURE nothing() BEGIN SELECT 1; END"),
  ];
}

function tableOf(table: string, chance: Chance): string {
  const { one } = chance;
  const rarely = (sql: string) => (chance.below(4) === 0 ? [sql] : []);
  const names = ["a", "b", "c", "order", "Mixed Case"].filter(() => chance.below(4) > 0);
  const parts = [
    one([
      "id bigint unsigned not null auto_increment primary key",
      "id int auto_increment primary key",
      "id int not null primary key",
      "id bigint primary key comment 'it''s'",
      "id varchar(20) primary key",
    ]),
    // What counts by itself cannot be in an expression once the table is there, though CREATE TABLE takes it.
    one(["z varchar(20)", "z varchar(20) not null default 'z'", "z int"]),
    ...names.map((name) => `\`${name}\` ${columnOf(chance)}`),
    ...rarely(`UNIQUE KEY own (${one(["a", "a, b"])})`),
    ...rarely(`KEY other (${one(["b", "id"])})`),
    ...rarely(`CONSTRAINT big CHECK (${one(["id > 0", "a <> 'x'"])})`),
  ];
  const options = one([
    ...["", "", " COMMENT='about'", " DEFAULT CHARSET=latin1", " ROW_FORMAT=DYNAMIC"],
    " DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
  ]);
  return `CREATE TABLE ${table} (${parts.join(", ")})${options}`;
}

function columnOf(chance: Chance): string {
  const { one } = chance;
  return one([
    "int",
    "int not null",
    "bigint unsigned",
    "bigint not null default 5",
    "varchar(100)",
    "varchar(50) not null default 'it''s'",
    "varchar(50) character set latin1 collate latin1_bin",
    "varchar(60) collate utf8mb4_bin",
    "text",
    "text not null",
    "longtext default 'none'",
    "datetime default current_timestamp",
    "datetime(6)",
    "timestamp null",
    "timestamp not null default current_timestamp on update current_timestamp",
    "decimal(10, 2) not null default -1.5",
    "float",
    "double default 0",
    "enum('a', 'b,c') default 'a'",
    "json",
    "uuid default uuid()",
    "varchar(36) default (uuid())",
    "tinyint(1) not null default true",
    "int generated always as (length(z)) virtual",
    "int as (length(z) + 1) stored",
    "int check (z <> 7)",
    "varchar(9) invisible",
    "varbinary(16) comment 'about; it'",
  ]);
}
