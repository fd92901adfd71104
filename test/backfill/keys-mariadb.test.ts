/**
 * Backfills over every type of key of MariaDB, on a server whose settings are as hostile as they can be: each value is
 * read and written as it is, in each mode.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";
import { inZone } from "./support/in-zone.ts";
import { modes, runKeyCase } from "./support/key-cases.ts";
import { mariadbKeys, mysqlKeys, refusedMysqlKeys } from "./support/mysql-keys.ts";

/** What `init_connect` says counts for users that may not do everything. */
const initConnect = [
  ...["sql_safe_updates = 1", "sql_select_limit = 2", "autocommit = 0", "completion_type = 2"],
  ...["tx_read_only = 1", "sql_auto_is_null = 1", "max_sort_length = 64", "time_zone = 'SYSTEM'"],
  ...["lc_time_names = 'de_DE'", "group_concat_max_len = 4", "character_set_results = latin1"],
  ...["collation_connection = latin1_bin", "system_versioning_asof = '2001-01-01 00:00:00'"],
].join(", ");

const hostile = [
  `--init-connect=SET ${initConnect}`,
  "--sql-mode=PAD_CHAR_TO_FULL_LENGTH,EMPTY_STRING_IS_NULL,NO_ZERO_DATE,ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES",
  ...["--character-set-server=latin1", "--skip-character-set-client-handshake"],
  ...["--default-storage-engine=MyISAM", "--max-join-size=2", "--max-statement-time=600"],
  ...["--transaction-isolation=SERIALIZABLE", "--div-precision-increment=0"],
];

const server = await inZone("Europe/Berlin", () => mariadbOfFile(hostile));

describe.skipIf(server === undefined)("on a hostile MariaDB", () => {
  /** Owner of its database and of nothing else: `init_connect` spares those that may do everything. */
  const app = { name: "app", password: "app" };

  beforeAll(async () => {
    const admin = await mysql({ url: server?.url ?? "" }).open({
      role: "work",
      application: "test",
    });
    await admin.query(`create user ${app.name}@'127.0.0.1' identified by '${app.password}'`);
    await admin.query(`grant all on \`t\\_%\`.* to ${app.name}@'127.0.0.1'`);
    await admin.close();
  });

  async function databaseOfApp() {
    const database = await freshMysql(server?.url ?? "");
    const url = new URL(database.url);
    [url.username, url.password] = [app.name, app.password];
    return { ...database, adapter: mysql({ url: url.href }) };
  }

  const same = (a: string, b: string) => `hex(${a}) = hex(${b})`;

  it.each([...mysqlKeys, ...mariadbKeys])("a key of $type is right in each mode", async (one) => {
    const database = await databaseOfApp();
    const table = "engine = InnoDB";
    const cells = await runKeyCase(database, { ...one, table }, "alone", same);
    await database.dispose();
    expect(cells).toEqual(Object.fromEntries(modes.map((mode) => [mode, "right"])));
  });

  it.each(mysqlKeys.filter(({ type }) => /^(timestamp|decimal|char)/.test(type)))(
    "a composite key with $type is right in each mode",
    async (one) => {
      const database = await databaseOfApp();
      const table = "engine = InnoDB";
      const cells = await runKeyCase(database, { ...one, table }, "composite", same);
      await database.dispose();
      expect(cells).toEqual(Object.fromEntries(modes.map((mode) => [mode, "right"])));
    },
  );

  it.each(refusedMysqlKeys)("a key of $type is refused before anything ran", async (one) => {
    const database = await databaseOfApp();
    const table = "engine = InnoDB";
    const cells = await runKeyCase(database, { ...one, table }, "alone", same);
    await database.dispose();
    expect(cells).toEqual(Object.fromEntries(modes.map((mode) => [mode, "refused"])));
  });
});
