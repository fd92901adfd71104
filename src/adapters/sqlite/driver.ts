/** Node's own SQLite, which a Node that is too old does not have. */
import { ConnectionFailed } from "../adapter.ts";

export type Driver = Pick<typeof import("node:sqlite"), "DatabaseSync">;

/** @throws {ConnectionFailed} when this Node has no SQLite */
export async function importDriver(): Promise<Driver> {
  try {
    return await import("node:sqlite");
  } catch (cause) {
    throw new ConnectionFailed(`Node ${process.version} has no node:sqlite`, {
      hint: "Run it with Node 22.18 or newer.",
      cause,
    });
  }
}
