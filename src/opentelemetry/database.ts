/** Which database a span is about, by the semantic conventions of databases. */
import type { Attributes } from "@opentelemetry/api";

/** The names of the conventions, by the scheme of an adapter's address. */
const systems: { readonly [scheme: string]: string } = {
  postgres: "postgresql",
  postgresql: "postgresql",
  pglite: "postgresql",
  neon: "postgresql",
  mysql: "mysql",
  mariadb: "mariadb",
  sqlite: "sqlite",
  libsql: "sqlite",
  "better-sqlite3": "sqlite",
};

const usualPorts: { readonly [system: string]: number } = {
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
};

/** `db.system.name`, and where the address says it `server.address`, `server.port` and `db.namespace`. */
export function databaseAttributes(target: string): Attributes {
  const [, scheme = ""] = /^([a-z][\w+.-]*):/i.exec(target) ?? [];
  const system = systems[scheme] ?? "other_sql";
  const attributes: Attributes = { "db.system.name": system };
  const url = /^[^:]+:\/\//.test(target) && URL.canParse(target) ? new URL(target) : undefined;
  const place = url === undefined ? decoded(target.slice(scheme.length + 1)) : undefined;
  if (place) attributes["db.namespace"] = place;
  if (url === undefined) return attributes;
  const { hostname, port } = url;
  if (hostname !== "") attributes["server.address"] = decoded(hostname);
  if (port !== "" && Number(port) !== usualPorts[system]) attributes["server.port"] = Number(port);
  const name = decoded(url.pathname.slice(1));
  if (name !== "") attributes["db.namespace"] = name;
  return attributes;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
