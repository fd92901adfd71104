/** The adapter of libSQL, over the package `libsql`, which is what `@libsql/client` opens files with. */
import type { KindsOf } from "../../core/model/kind.ts";
import { type Adapter, ConnectionFailed } from "../adapter.ts";
import { checkOptions, readAtConnect } from "../check-options.ts";
import { givenText } from "../given.ts";
import { importDriver } from "../import-driver.ts";
import { fromBetter } from "../sqlite/better-database.ts";
import type { SqliteDriver } from "../sqlite/driver.ts";
import { type SqliteOptions, sqliteKinds } from "../sqlite/settings.ts";
import { withDriver } from "../sqlite/with-driver.ts";

/** Where the database is. */
export type LibsqlOptions = Omit<SqliteOptions, "path"> & {
  /** `file:PATH` as `@libsql/client` has it, relative to the working directory, or `:memory:`. A function is asked at every opening. */
  readonly url: string | (() => string);
};

const { path: _, ...settingsKinds } = sqliteKinds;
const kinds: KindsOf<LibsqlOptions> = { ...settingsKinds, url: readAtConnect };

/**
 * A database of libSQL in a file or in memory. Needs the package `libsql`, and nothing before the first connection.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function libsql(options: LibsqlOptions): Adapter {
  const { url, ...settings } = checkOptions("libsql()", options, kinds);
  return {
    ...withDriver(load, { ...settings, path: () => pathOf(givenText("url", url).trim()) }),
    at: (other) => libsql({ ...settings, url: other }),
  };
}

/** @throws {ConnectionFailed} for the address of a server, and for parameters that would be lost */
function pathOf(url: string): string {
  const [, scheme = "file", rest = ""] = /^(?:([a-z][a-z+]+):)?(.*)$/is.exec(url) ?? [];
  if (url === ":memory:") return url;
  if (scheme !== "file") throw remote(scheme);
  const [path = "", parameters] = rest.split("?", 2);
  if (parameters !== undefined) throw parametersLost();
  return decoded(path.replace(/^\/\/(localhost)?(?=\/)/, ""));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray % is part of the name.
    return path;
  }
}

function remote(scheme: string): ConnectionFailed {
  return new ConnectionFailed(`${scheme}: is a server of libSQL, and this adapter opens files`, {
    hint: "Give the file as url: file:PATH. A server ends transactions that take longer than seconds, so no migration is safe there.",
    lasting: true,
  });
}

function parametersLost(): ConnectionFailed {
  return new ConnectionFailed("the URL has parameters, which nothing would read", {
    hint: "Write it as file:PATH, with ? in the path as %3F.",
    lasting: true,
  });
}

async function load(): Promise<SqliteDriver> {
  const names = { driver: "libsql", adapter: "libsql" };
  const { default: Database } = await importDriver(() => import("libsql"), names);
  return {
    open: (path, options) =>
      fromBetter(new Database(path, { timeout: options.timeoutMs }), options),
  };
}
