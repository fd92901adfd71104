/** Whether a database looks like one of production, by its address and the environment. Pure. */

type Environment = { readonly [variable: string]: string | undefined };

/** What shows it, in words; nothing where it looks like a database of one who develops. */
export function productionSign(target: string, env: Environment): string | undefined {
  if (env.NODE_ENV === "production") return "NODE_ENV is production";
  const host = hostOf(target);
  if (host !== undefined && !isLocal(host)) return `${host} is another machine`;
  const last = target.slice(target.lastIndexOf("/") + 1);
  const named = [host ?? "", last].find((name) => /(?<![a-z])prod(uction)?(?![a-z])/i.test(name));
  return named === undefined ? undefined : `it is called ${named}`;
}

/** The host in an address as adapters show it; nothing for a file and a socket. */
function hostOf(target: string): string | undefined {
  const [, host = ""] = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/.exec(target) ?? [];
  return host === "" ? undefined : host.replace(/^\[|\]$/g, "");
}

/** This machine, one that a file of Docker Compose names, and names that no public server has. */
function isLocal(host: string): boolean {
  if (/^(127\.|::1$|0\.0\.0\.0$)/.test(host)) return true;
  if (/^[\d.]+$/.test(host) || host.includes(":")) return false;
  return !host.includes(".") || /(^|\.)(localhost|local|docker\.internal|test)$/.test(host);
}
