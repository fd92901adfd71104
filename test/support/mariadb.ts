import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { debianProgram } from "./debian.ts";
import {
  freePort,
  runOnce,
  type Server,
  serverFolder,
  serverUser,
  serverUserName,
  startServer,
  writeServerFile,
} from "./server.ts";

const accountSql = `
CREATE DATABASE slipway;
CREATE USER 'slipway'@'127.0.0.1' IDENTIFIED BY 'slipway';
GRANT ALL PRIVILEGES ON *.* TO 'slipway'@'127.0.0.1' WITH GRANT OPTION;
`;

/**
 * Starts a private MariaDB with one empty database; its user may do everything.
 * Gives nothing when MariaDB is not installed, after saying how to install it.
 *
 * @param more further settings of the server
 */
export async function startMariadb(more: readonly string[] = []): Promise<Server | undefined> {
  const command = debianProgram("mariadbd", "mariadb-server");
  if (command === undefined) return undefined;
  const install = debianProgram("mariadb-install-db", "mariadb-server");
  if (install === undefined) return undefined;
  const user = serverUser("mysql");
  const folder = serverFolder("mariadb", user, { inMemory: true });
  const data = `--datadir=${join(folder, "data")}`;
  // A server that starts deletes the temporary tables that lie here, those of another server too.
  const temporary = `--tmpdir=${folder}`;
  const account = ["--auth-root-authentication-method=normal", `--user=${serverUserName(user)}`];
  runOnce(install, ["--no-defaults", data, temporary, "--skip-test-db", ...account], user);
  const initFile = join(folder, "account.sql");
  writeServerFile(initFile, accountSql, user);
  const port = await freePort();
  const url = `mysql://slipway:slipway@127.0.0.1:${port}/slipway`;
  const stop = await startServer({
    command,
    args: ["--no-defaults", data, temporary, `--init-file=${initFile}`, ...settings(port), ...more],
    folder,
    user,
    stopSignal: "SIGTERM",
    probe: () => connectOnce(url),
  });
  return { url, stop };
}

function settings(port: number): string[] {
  return [
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    "--skip-networking=0",
    "--skip-name-resolve",
    // Relative to the data folder: a path to a socket has a short limit.
    "--socket=mariadb.sock",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=64M",
  ];
}

async function connectOnce(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
  await connection.end();
}
