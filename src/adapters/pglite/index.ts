/** The adapter for PGlite: PostgreSQL in this process, in a folder or in memory. */
import type { PGlite } from "@electric-sql/pglite";
import type { KindsOf } from "../../core/model/kind.ts";
import { type Adapter, ConnectionFailed, type OpenOptions } from "../adapter.ts";
import { checkOptions, readAtConnect } from "../check-options.ts";
import { givenText } from "../given.ts";
import { postgresDialect } from "../postgres/dialect.ts";
import { type Database, givenDatabase, isDatabase, openEmpty, openFolder } from "./database.ts";
import { PgliteSession, type PgliteStart } from "./session.ts";
import { pgliteStorage } from "./storage.ts";

/** A folder, or a PGlite that you made yourself: in memory, or with extensions. */
export type PgliteOptions =
  | {
      /** The folder, or a function that is called when it is opened. It is closed after the last session. */
      readonly dataDir: string | (() => string);
      readonly client?: never;
    }
  | {
      /** Stays open: whoever made it closes it. */
      readonly client: PGlite;
      readonly dataDir?: never;
    };

const kinds: KindsOf<PgliteOptions> = { dataDir: readAtConnect, client: readAtConnect };

/**
 * Runs PostgreSQL in this process. Needs the package `@electric-sql/pglite`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function pglite(options: PgliteOptions): Adapter {
  const { client, dataDir } = checkOptions("pglite()", options, kinds);
  if (client !== undefined) {
    return {
      ...shared(() => client.dataDir || "memory"),
      open: async (open) => session(givenDatabase(client), open),
    };
  }
  const folder = () => folderOf(givenText("dataDir", dataDir));
  return {
    ...shared(folder),
    open: async (open) => {
      const path = folder();
      return open.readsOnly === true && !isDatabase(path)
        ? session(await openEmpty(), open, { absent: true })
        : session(await openFolder(path), open);
    },
    storage: pgliteStorage(folder),
  };
}

async function session(
  database: Database,
  open: OpenOptions,
  { absent = false } = {},
): Promise<PgliteSession> {
  const { rows } = await database.client.query<PgliteStart>(
    "SELECT pg_catalog.current_setting('server_version_num')::int OPERATOR(pg_catalog./) 10000 AS major, session_user AS user, pg_catalog.current_setting('role') AS actor",
  );
  return new PgliteSession(database, { ...open, ...rows[0]!, absent });
}

function shared(where: () => string): Pick<Adapter, "name" | "dialect" | "single" | "describe"> {
  return {
    name: "pglite",
    dialect: postgresDialect,
    single: true,
    describe: () => describe(where),
  };
}

/**
 * @throws {ConnectionFailed} if it is no folder: a database in memory would be gone with each
 * session.
 */
function folderOf(dataDir: string): string {
  const folder = dataDir.replace(/^file:\/\//, "");
  if (folder !== "" && !folder.includes("://")) return folder;
  throw new ConnectionFailed(`${JSON.stringify(dataDir)} is not a folder`, {
    hint: 'Give a folder as dataDir, or a database in memory as client: new PGlite("memory://").',
  });
}

function describe(where: () => string): string {
  try {
    return `pglite:${where()}`;
  } catch {
    // Only messages show this: a connection throws the error itself.
    return "pglite (its folder is not set)";
  }
}
