/** Where a URL points. Pure, and the one place that knows which part of it is a password. */
import { mayHidePassword } from "../../core/model/redact.ts";
import { shownAddress } from "../shown-address.ts";
import { hostsIn, hostsOf } from "./hosts.ts";

/** The parts of a URL, decoded. */
export type PostgresAddress = {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
};

/**
 * The parts of a URL, with the driver's defaults, which the environment may set; `undefined` when
 * it cannot be read.
 */
export function readAddress(url: string): PostgresAddress | undefined {
  const { PGHOST, PGPORT, PGUSER, PGDATABASE, USER = "" } = process.env;
  // A socket is written postgres://user@/database?host=/run/postgresql, which is no URL to the standard.
  const [first = url, ...others] = hostsOf(url);
  const several = others.length === 0 ? undefined : hostsIn(url);
  const parsed = URL.parse(first) ?? URL.parse(first.replace("@/", `@${unnamed}/`));
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) return undefined;
  if (mayHidePassword(parsed)) return undefined;
  const given = (name: string) => parsed.searchParams.get(name) || undefined;
  try {
    const user = given("user") ?? (decodeURIComponent(parsed.username) || PGUSER || USER);
    return {
      user,
      password: given("password") ?? decodeURIComponent(parsed.password),
      host:
        several ??
        given("host") ??
        (decodeURIComponent(parsed.hostname.replace(unnamed, "")) || PGHOST || "localhost"),
      port: given("port") ?? (parsed.port || PGPORT || "5432"),
      database: decodeURIComponent(parsed.pathname.slice(1)) || PGDATABASE || user,
    };
  } catch {
    // A stray % is the writer's mistake, like the others above.
    return undefined;
  }
}

const unnamed = "host.invalid";

/**
 * The reason to refuse a URL with parameters that libpq takes and the driver does not: the driver
 * would ignore them in silence.
 */
export function notUnderstood(url: string, driver: string): string | undefined {
  const query = new URLSearchParams(/\?(.*)/s.exec(url)?.[1]);
  if (query.get("host")?.includes(","))
    return `the URL names several hosts in ?host=, and the driver ${driver} connects to one`;
  const attributes = query.get("target_session_attrs") ?? "any";
  if (!/^(?:any|read-write|primary)$/.test(attributes))
    return `target_session_attrs=${attributes} asks for a server that cannot be written to`;
  return undefined;
}

/** An address for people: without its password. */
export function showAddress({ user, host, port, database }: PostgresAddress): string {
  if (host.includes(",")) {
    const one = { scheme: "postgres", user, host: unnamed, port: "0", database } as const;
    return shownAddress(one).replace(`${unnamed}:0`, () => host);
  }
  return shownAddress({ scheme: "postgres", user, host, port, database });
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  return url.replace(
    /^(\w+:\/\/[^/?]*)(\/[^?]*)?/,
    (_, server: string) => `${server}/${encodeURIComponent(database)}`,
  );
}

/** The same address with a password, unless it has one: the driver takes it only from the URL when there is a URL. */
export function withPassword(url: string, password: string | undefined): string {
  if (password === undefined || readAddress(url)?.password !== "") return url;
  return `${url}${url.includes("?") ? "&" : "?"}password=${encodeURIComponent(password)}`;
}
