/** A MariaDB with the owner of the databases that tests make on it. */
import { createConnection } from "mysql2/promise";
import { startMariadb } from "./mariadb.ts";
import type { Server } from "./server.ts";

/** A password that must be percent-encoded, and that is no other word of its URL. */
export const mysqlPassword = "s3cret/#?%";

/** Starts a MariaDB whose user `owner` has `mysqlPassword`; `undefined` where it is not installed. */
export async function startSharedMariadb(
  settings: readonly string[] = [],
): Promise<Server | undefined> {
  const server = await startMariadb(settings);
  if (server === undefined) return undefined;
  const connection = await createConnection({ uri: server.url });
  await connection.query(`CREATE USER owner@'127.0.0.1' IDENTIFIED BY '${mysqlPassword}'`);
  await connection.query("GRANT ALL PRIVILEGES ON *.* TO owner@'127.0.0.1'");
  await connection.end();
  return server;
}
