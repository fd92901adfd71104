/** Whether a database looks like one of production, by its address and the environment. Pure. */

type Environment = { readonly [variable: string]: string | undefined };

/** The sign in words; nothing where the database looks like a developer's. */
export function productionSign(target: string, env: Environment): string | undefined {
  if (env.NODE_ENV === "production") return "NODE_ENV is production";
  const place = placeOf(target);
  if (place === undefined) return "its address cannot be read";
  const { hosts, user, names } = place;
  const elsewhere = hosts.find((host) => !isLocal(host));
  if (elsewhere !== undefined) return `${elsewhere} is another machine`;
  const named = [...hosts, ...names].find(saysProduction);
  if (named !== undefined) return `it is called ${named}`;
  return saysProduction(user) ? `its user is called ${user}` : undefined;
}

function saysProduction(name: string): boolean {
  return /(?<![a-z])prod(uction)?(?![a-z])/i.test(name);
}

/** The parts of an address, decoded. */
type Place = {
  readonly hosts: readonly string[];
  readonly user: string;
  /** The database, or each folder on the way to its file. */
  readonly names: readonly string[];
};

/** An address as adapters show it; `undefined` for an unreadable one. */
function placeOf(target: string): Place | undefined {
  // There is nothing to connect to, and the attempt to connect explains the missing part.
  if (/^sqlite$|^\w+ \(its (?:URL|folder) is not set\)$/.test(target))
    return { hosts: [], user: "", names: [] };
  const file = /^[a-z]\w*:(?!\/\/)(.*)$/is.exec(target)?.[1];
  if (file !== undefined) return { hosts: [], user: "", names: file.split(/[/\\]/) };
  const parts = server.exec(target)?.groups;
  if (parts === undefined) return undefined;
  try {
    const { host = "", user = "", database = "" } = parts;
    const hosts = host.startsWith("/") ? [host] : host.split(",");
    return {
      hosts: hosts.map((one) => decodeURIComponent(one).replace(/^\[|\]$/g, "")),
      user: decodeURIComponent(user),
      names: [decodeURIComponent(database)],
    };
  } catch {
    // A stray % hides the text around it.
    return undefined;
  }
}

/** `scheme://user@host:port/database`. A host that begins with a slash is a socket. */
const server =
  /^[a-z]\w*:\/\/(?:(?<user>[^@:/?#\s]*)@)?(?<host>\/[^@?#\s]*?|(?:\[[^\]\s]*\]|[^@:/?#\s[\]])+)(?::\d+)?\/(?<database>[^/?#\s]*)$/i;

/** This machine, one that a file of Docker Compose names, and names that no public server has. */
function isLocal(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  // A cloudsql socket leads to Google's proxy, and from there to a server.
  if (name.startsWith("/")) return !name.split("/").includes("cloudsql");
  if (/^127(?:\.\d{1,3}){1,3}$|^(?:::ffff:127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)$/.test(name))
    return true;
  if (/^[\d.]*$|^0x|:/.test(name)) return false;
  if (name.endsWith(".cluster.local")) return false;
  return !name.includes(".") || /\.(localhost|local|docker\.internal|test)$/.test(name);
}
