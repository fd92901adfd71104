/** The hosts that an address names. Pure. */

/**
 * The address once for each host that it names, as libpq reads them: `postgres://user@a:5432,b:5433/app`.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function hostsOf(url: string): readonly string[] {
  const [, before = "", hosts = "", after = ""] =
    /^(\w+:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s.exec(url) ?? [];
  if (!hosts.includes(",")) return [url];
  return hosts.split(",").map((host) => `${before}${host}${after}`);
}

/** All that an address says of its hosts, with their ports: `a:5432,b:5433`. */
export function hostsIn(url: string): string {
  return /^\w+:\/\/(?:[^/?#]*@)?([^/?#@]*)/.exec(url)?.[1] ?? "";
}
