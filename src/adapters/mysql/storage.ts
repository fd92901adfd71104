/** Making and removing a database, on a connection that names none. */
import type { Storage } from "../adapter.ts";
import { readAddress } from "./address.ts";
import { databaseMissing, unreadableUrl } from "./connection-failure.ts";
import type { MysqlConnection } from "./driver.ts";
import { errorNumber } from "./messages.ts";
import { readProcesses } from "./processes.ts";
import { quote } from "./sql-text.ts";

/**
 * The URL of a database, and a connection to its server, with which a database is made and removed.
 */
export type MysqlStorageWorld = {
  readonly url: () => string;
  connect(url: string): Promise<MysqlConnection>;
};

/**
 * Makes and removes the database that the URL names.
 *
 * @throws {ConnectionFailed} by both, when the server cannot be reached
 */
export function mysqlStorage(world: MysqlStorageWorld): Storage {
  return {
    create: () =>
      onServer(world, async (connection, database) => {
        const create = `CREATE DATABASE ${quote(database)} CHARACTER SET utf8mb4`;
        return (await unless(databaseExists, () => connection.query(create)))
          ? "created"
          : "already_there";
      }),
    drop: (options) =>
      onServer(world, async (connection, database) => {
        if (options?.force) await endOthers(connection, database);
        // A transaction elsewhere makes it wait, by default for a day or a year.
        await connection.query(`SET SESSION lock_wait_timeout = ${dropWaitSeconds}`);
        const drop = `DROP DATABASE ${quote(database)}`;
        return (await unless(databaseGone, () => connection.query(drop)))
          ? "dropped"
          : "already_gone";
      }),
  };
}

/** ER_DB_CREATE_EXISTS and ER_DB_DROP_EXISTS. */
const databaseExists = 1007;
const databaseGone = 1008;
const noSuchThread = 1094;
const dropWaitSeconds = 10;

async function onServer<Result>(
  world: MysqlStorageWorld,
  work: (connection: MysqlConnection, database: string) => Promise<Result>,
): Promise<Result> {
  const url = world.url();
  const address = readAddress(url);
  if (address === undefined) throw unreadableUrl();
  if (address.database === "") throw databaseMissing();
  const connection = await world.connect(url);
  try {
    // The server may have it otherwise for whoever connects.
    await connection.query("SET SESSION TRANSACTION READ WRITE");
    return await work(connection, address.database);
  } finally {
    await connection.close();
  }
}

async function endOthers(connection: MysqlConnection, database: string): Promise<void> {
  const query = async (sql: string) => (await connection.query(sql)).rows;
  const others = (await readProcesses(query)).filter((process) => process.database === database);
  for (const { id } of others) {
    await unless(noSuchThread, () => connection.query(`KILL ${id}`));
  }
}

/** Whether it worked; `false` when it failed with this number, because it was so already. */
async function unless(number: number, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (errorNumber(error) === number) return false;
    throw error;
  }
}
