/** Where a URL points. Pure, and the one place that knows which part of it is a password. */
import { mayHidePassword } from "../../core/redact.ts";

/** The parts of a URL, decoded. */
export type Address = {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
};

/** What a URL says, with PostgreSQL's defaults; `undefined` when it cannot be read. */
export function readAddress(url: string): Address | undefined {
  // A socket is written postgres://user@/database?host=/run/postgresql, which is no URL to the standard.
  const parsed = URL.parse(url) ?? URL.parse(url.replace("@/", "@localhost/"));
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) return undefined;
  if (mayHidePassword(parsed)) return undefined;
  const given = (name: string) => parsed.searchParams.get(name) || undefined;
  try {
    const user = given("user") ?? decodeURIComponent(parsed.username);
    return {
      user,
      password: given("password") ?? decodeURIComponent(parsed.password),
      host: given("host") ?? (decodeURIComponent(parsed.hostname) || "localhost"),
      port: given("port") ?? (parsed.port || "5432"),
      database: decodeURIComponent(parsed.pathname.slice(1)) || user,
    };
  } catch {
    // A stray % is the writer's mistake, like the others above.
    return undefined;
  }
}

/** An address for people: without its password. */
export function showAddress({ user, host, port, database }: Address): string {
  return `postgres://${user === "" ? "" : `${user}@`}${host}:${port}/${database}`;
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
