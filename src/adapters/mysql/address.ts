/** Where a URL points. Pure, and the one place that knows which part of it is a password. */
import { mayHidePassword } from "../../core/model/redact.ts";
import { shownAddress } from "../shown-address.ts";

/** The parts of a URL, decoded. */
export type MysqlAddress = {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  /** Empty when the URL names none. */
  readonly database: string;
};

/** The parts of a URL, with MySQL's defaults; `undefined` when it cannot be read. */
export function readAddress(url: string): MysqlAddress | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^(mysql2?|mariadb):$/.test(parsed.protocol)) return undefined;
  if (mayHidePassword(parsed)) return undefined;
  try {
    return {
      user: decodeURIComponent(parsed.username),
      password: decodeURIComponent(parsed.password),
      host: decodeURIComponent(parsed.hostname.replace(/^\[|\]$/g, "")) || "localhost",
      port: parsed.port || "3306",
      database: decodeURIComponent(parsed.pathname.slice(1)),
    };
  } catch {
    // A stray % is the writer's mistake, like the others above.
    return undefined;
  }
}

/** An address for people: without its password. A socket, where there is one, stands in the place of the host. */
export function showAddress(
  { user, host, port, database }: MysqlAddress,
  socketPath?: string | undefined,
): string {
  return shownAddress({ scheme: "mysql", user, host: socketPath ?? host, port, database });
}
