/** Reads the parameters behind the question mark of a URL. */
import { unknownParameter } from "./connection-failure.ts";
import type { MysqlTls } from "./driver.ts";

/** The settings of the driver besides the address. */
export type UrlParameters = {
  readonly socketPath?: string | undefined;
  /** `false` says that there is to be no TLS. */
  readonly ssl?: MysqlTls | false | undefined;
};

/**
 * Reads `socketPath`, and `ssl-mode` with the names that the programs of MySQL have for it.
 * https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode
 *
 * @throws {ConnectionFailed} for any other, because ignoring it could mean a connection without TLS
 */
export function readParameters(url: string): UrlParameters {
  const found: { -readonly [Name in keyof UrlParameters]: UrlParameters[Name] } = {};
  for (const [name, value] of URL.parse(url)?.searchParams ?? []) {
    if (name === "socketPath") found.socketPath = value;
    else if (name === "ssl-mode" && Object.hasOwn(modes, value)) found.ssl = modes[value];
    else throw unknownParameter(name);
  }
  return found;
}

const modes: { readonly [mode: string]: MysqlTls | false } = {
  DISABLED: false,
  REQUIRED: { rejectUnauthorized: false },
  VERIFY_CA: { rejectUnauthorized: true, verifyIdentity: false },
  VERIFY_IDENTITY: { rejectUnauthorized: true, verifyIdentity: true },
};
