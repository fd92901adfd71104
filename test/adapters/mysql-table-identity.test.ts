/** A question that a lost connection cuts off says nothing about the table: it is no other one for that. */
import { createConnection } from "mysql2/promise";
import { expect, it, onTestFinished } from "vitest";
import { tableIdentity } from "../../src/adapters/mysql/table-identity.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";

const mariadb = await mariadbOfFile();

it.skipIf(mariadb === undefined)("a connection that is ended in the middle is told", async () => {
  const database = await freshMysql(mariadb?.url ?? "");
  onTestFinished(() => database.dispose());
  await database.query("CREATE TABLE numbers (id int PRIMARY KEY) ENGINE = InnoDB");
  const connection = await createConnection({ uri: database.url, dateStrings: true });
  onTestFinished(() => connection.destroy());
  connection.on("error", () => undefined);
  const identity = (isCut: boolean, known?: string) =>
    tableIdentity(
      async (sql) => {
        if (isCut && sql.includes("innodb_sys_tables"))
          await database.query(`KILL ${connection.threadId}`);
        const [rows] = await connection.query(sql);
        return rows as Record<string, unknown>[];
      },
      { flavor: "mariadb" } as Parameters<typeof tableIdentity>[1],
      { table: { name: "numbers" }, known },
    );
  // From when the second in which it was made is over, the time counts as well.
  await expect.poll(() => identity(false), { timeout: 5_000 }).toMatch(/^\d.* #\d+$/);
  await expect(identity(true, "2020-01-01 00:00:00 #1")).rejects.toThrow();
});
