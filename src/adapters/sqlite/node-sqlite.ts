/** Node's own SQLite, which a Node that is too old does not have. */
import { ConnectionFailed } from "../adapter.ts";
import type { SqliteDatabase, SqliteDriver } from "./driver.ts";

/** @throws {ConnectionFailed} when this Node has no SQLite */
export async function nodeSqlite(): Promise<SqliteDriver> {
  const { DatabaseSync } = await importNode();
  return {
    open: (path, { timeoutMs, foreignKeys }) =>
      new DatabaseSync(path, {
        timeout: timeoutMs,
        enableForeignKeyConstraints: foreignKeys,
        // The rebuild, and migrations of the user's own, may change the text of the catalog.
        defensive: false,
      }) as SqliteDatabase,
  };
}

async function importNode(): Promise<Pick<typeof import("node:sqlite"), "DatabaseSync">> {
  try {
    return await import("node:sqlite");
  } catch (cause) {
    throw new ConnectionFailed(`Node ${process.version} has no node:sqlite`, {
      hint: "Run it with Node 22.18 or newer.",
      cause,
    });
  }
}
