/** Making and removing a database, through one that every server has. */
import { ConnectionFailed, type Storage } from "../adapter.ts";
import { readAddress, withDatabase } from "./address.ts";
import { unreadableUrl } from "./connection-failure.ts";
import type { PostgresConnection } from "./driver.ts";
import { stringLiteral } from "./literal.ts";
import { codeOf } from "./messages.ts";
import { operator } from "./own-names.ts";
import { quote } from "./sql-text.ts";

/**
 * The URL of a database, and a way to connect to another one, with which a database is made and
 * removed.
 */
export type PostgresStorageWorld = {
  readonly url: () => string;
  connect(url: string): Promise<PostgresConnection>;
};

/**
 * Makes and removes the database that the URL names.
 *
 * @throws {ConnectionFailed} by both, when the server cannot be reached
 */
export function postgresStorage(world: PostgresStorageWorld): Storage {
  return {
    create: () =>
      withMaintenance(world, async (client, database) => {
        if (await exists(client, database)) return "already_there";
        return await racing(
          () => client.query(`CREATE DATABASE ${quote(database)} ENCODING 'UTF8'`),
          { lost: "42P04", done: "created", already: "already_there" },
        );
      }),
    drop: (options) =>
      withMaintenance(world, async (client, database) => {
        if (!(await exists(client, database))) return "already_gone";
        const force = options?.force ? " WITH (FORCE)" : "";
        return await racing(() => client.query(`DROP DATABASE ${quote(database)}${force}`), {
          lost: "3D000",
          done: "dropped",
          already: "already_gone",
        });
      }),
  };
}

async function withMaintenance<Result>(
  world: PostgresStorageWorld,
  work: (client: PostgresConnection, database: string) => Promise<Result>,
): Promise<Result> {
  const url = world.url();
  const address = readAddress(url);
  if (address === undefined) throw unreadableUrl();
  const client = await connectToMaintenance(url, world);
  try {
    return await work(client, address.database);
  } finally {
    await client.close();
  }
}

async function connectToMaintenance(
  url: string,
  { connect }: PostgresStorageWorld,
): Promise<PostgresConnection> {
  try {
    return await connect(withDatabase(url, "postgres"));
  } catch (error) {
    if (!(error instanceof ConnectionFailed) || codeOf(error.cause) !== "3D000") throw error;
    return await connect(withDatabase(url, "template1"));
  }
}

async function exists(client: PostgresConnection, database: string): Promise<boolean> {
  const sql = `SELECT 1 FROM pg_catalog.pg_database WHERE datname ${operator("=")} ${stringLiteral(database)}`;
  return (await client.query(sql)).rows.length > 0;
}

/** Another process may have done the same between the look and the deed. */
async function racing<Done, Already>(
  act: () => Promise<unknown>,
  outcome: { readonly lost: string; readonly done: Done; readonly already: Already },
): Promise<Done | Already> {
  try {
    await act();
    return outcome.done;
  } catch (error) {
    if (codeOf(error) === outcome.lost) return outcome.already;
    throw error;
  }
}
