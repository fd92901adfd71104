/** Which database a project has, and how its address is found: by its config, its packages, its environment. Pure. */
import { normalize } from "node:path/posix";
import type { AdapterName } from "../templates/release.ts";
import { type DatabaseKind, ofKind } from "./candidates.ts";

/** A variable of the environment, or the path of a file. */
export type Address = { readonly variable: string } | { readonly path: string };

type Config = { readonly path: string; readonly text: string };

/** Drivers that Slipway has an adapter for, the ones that say most first. */
const drivers: readonly (readonly [name: string, adapter: AdapterName])[] = [
  ["@neondatabase/serverless", "neon"],
  ["pg", "postgres"],
  ["postgres", "postgres-js"],
  ["mysql2", "mysql"],
  ["mariadb", "mariadb"],
  ["better-sqlite3", "better-sqlite3"],
  ["@libsql/client", "libsql"],
  ["libsql", "libsql"],
  ["@electric-sql/pglite", "pglite"],
  ["sqlite3", "sqlite"],
];

/** The names that configs use for a kind of database. */
const kinds: readonly (readonly [words: RegExp, kind: DatabaseKind])[] = [
  [
    /(?:provider|dialect|client|type|driver|adapter)["']?\s*[:=]\s*["'`](?:postgres(?:ql|js)?|pg|cockroachdb|neon|postgres:\/\/)/i,
    "postgres",
  ],
  [
    /(?:provider|dialect|client|type|driver|adapter)["']?\s*[:=]\s*["'`](?:mysql2?|mariadb)/i,
    "mysql",
  ],
  [
    /(?:provider|dialect|client|type|driver|adapter)["']?\s*[:=]\s*["'`](?:better-sqlite3|sqlite3?|turso|libsql)/i,
    "sqlite",
  ],
  [/PostgreSqlDriver|@mikro-orm\/postgresql/, "postgres"],
  [/(?:MySql|MariaDb)Driver|@mikro-orm\/(?:mysql|mariadb)/, "mysql"],
  [/SqliteDriver|@mikro-orm\/(?:better-sqlite|sqlite|libsql)/, "sqlite"],
];

const adaptersOf = {
  postgres: ["postgres", "postgres-js", "neon"],
  mysql: ["mysql", "mariadb"],
  sqlite: ["sqlite", "better-sqlite3", "libsql"],
} as const;

/** Databases of that kind that live in a folder. */
const embeddedOf: { readonly [Kind in keyof typeof adaptersOf]: readonly AdapterName[] } = {
  postgres: ["pglite"],
  ...{ mysql: [], sqlite: [] },
};

/** The package of each adapter; SQLite's is in Node. */
const packageOf: { readonly [Adapter in AdapterName]?: string } = Object.fromEntries(
  drivers
    .filter(([name]) => name !== "sqlite3" && name !== "@libsql/client")
    .map(([name, adapter]) => [adapter, name]),
);

/** Variables that hold addresses, the most usual first. */
const usual = ["DATABASE_URL", "POSTGRES_URL", "DB_URL", "DATABASE_URI", "PG_URL", "MYSQL_URL"];

/** Looks at the given facts, and falls back to PostgreSQL at `DATABASE_URL`. */
export function addressOf(given: {
  readonly config: readonly Config[];
  readonly packages: readonly string[];
  /** The variables that the environment and its files know. */
  readonly names: readonly string[];
  /** The value of a variable, where that is known. */
  readonly setTo?: (name: string) => string | undefined;
  readonly adapter?: AdapterName | undefined;
  /** The kind that the folder of its migrations is for. */
  readonly folderKind?: DatabaseKind | undefined;
}): {
  readonly adapter: AdapterName;
  readonly address: Address;
  readonly driver?: string | undefined;
  /** Nothing says which kind it is. */
  readonly isGuess: boolean;
} {
  const { packages, names, folderKind } = given;
  const own = ofKind(
    given.config.map(({ path }) => path),
    folderKind,
  );
  const config = given.config.filter(({ path }) => own.includes(path));
  const text = config.map((one) => one.text).join("\n");
  const kind = folderKind ?? kindSaid(text, given);
  const there = drivers.filter(([name]) => packages.includes(name)).map(([, adapter]) => adapter);
  const said = [...text.matchAll(/(?:process\.env\.|\benv\(\s*["'])(\w*(?:URL|URI|DSN)\w*)/g)];
  // Beside the address of a server, an embedded database is there for tests.
  const hasServer = said.length > 0 || /postgres(?:ql)?:\/\//.test(text);
  const fits = (adapter: AdapterName) =>
    kind === undefined ||
    (adaptersOf[kind] as readonly AdapterName[]).includes(adapter) ||
    (!hasServer && embeddedOf[kind].includes(adapter));
  const named = /\bdriver["']?\s*[:=]\s*["'`]pglite["'`]/.test(text)
    ? embeddedOf.postgres[0]
    : undefined;
  const adapter = given.adapter ?? named ?? there.find(fits) ?? kind ?? there[0] ?? "postgres";
  const driver = packageOf[adapter];
  const isGuess = given.adapter === undefined && kind === undefined && there.length === 0;
  if (embeddedOf.postgres.includes(adapter))
    return { adapter, address: { path: folderIn(config) ?? ".data/main" }, driver, isGuess };
  if (/^(?:sqlite|better-sqlite3|libsql)$/.test(adapter))
    return {
      adapter,
      address: { path: fileIn(config) ?? fileInVariable({ ...given, config }, said) ?? "main.db" },
      ...{ driver, isGuess },
    };
  const inConfig = said.map(([, name]) => name!).filter((name) => !/SHADOW|DIRECT/.test(name));
  const variable =
    inConfig.find((name) => Boolean(given.setTo?.(name))) ??
    inConfig[0] ??
    usual.find((name) => names.includes(name)) ??
    names.find((name) => /DATABASE_UR[LI]$/.test(name)) ??
    "DATABASE_URL";
  return { adapter, address: { variable }, driver, isGuess };
}

/** Of a config for several kinds, as of none, the address says which it is. */
function kindSaid(
  text: string,
  { names, setTo }: { names: readonly string[]; setTo?: (name: string) => string | undefined },
): DatabaseKind | undefined {
  const said = [...new Set(kinds.filter(([words]) => words.test(text)).map(([, kind]) => kind))];
  if (said.length === 1) return said[0];
  const values = usual.filter((name) => names.includes(name)).map((name) => setTo?.(name) ?? "");
  const [, kind] = schemes.find(([scheme]) => values.some((value) => scheme.test(value))) ?? [];
  return kind ?? said[0];
}

const schemes: readonly (readonly [scheme: RegExp, kind: DatabaseKind])[] = [
  [/^postgres(?:ql)?:\/\//, "postgres"],
  [/^(?:mysql2?|mariadb):\/\//, "mysql"],
  [/^(?:file:|sqlite:|libsql:)/, "sqlite"],
];

/** The kind that an adapter is for. */
export function kindOf(adapter: AdapterName): DatabaseKind {
  if ((adaptersOf.mysql as readonly AdapterName[]).includes(adapter)) return "mysql";
  return (adaptersOf.sqlite as readonly AdapterName[]).includes(adapter) ? "sqlite" : "postgres";
}

/** The folder of a PGlite database; a text with a scheme is none. */
function folderIn(config: readonly Config[]): string | undefined {
  const [, folder] =
    /\b(?:url|dataDir)["']?\s*[:=]\s*["'`](?:file:(?:\/\/)?)?([^"'`:$]+)["'`]/.exec(
      config.map((one) => one.text).join("\n"),
    ) ?? [];
  return folder?.replace(/^\.\//, "").replace(/\/$/, "");
}

/**
 * The value of the variable that a config names, as `file:./dev.db`; beside a schema of Prisma's
 * where that names it.
 */
function fileInVariable(
  { config, setTo }: { config: readonly Config[]; setTo?: (name: string) => string | undefined },
  said: readonly RegExpExecArray[],
): string | undefined {
  for (const [words, name = ""] of said) {
    const [, file] = /^(?:file:(?:\/\/)?)?([^\s?:]+)(?:\?.*)?$/.exec(setTo?.(name) ?? "") ?? [];
    if (file === undefined) continue;
    const by = config.find(({ text }) => text.includes(words));
    return besideSchema(by?.path, file);
  }
  return undefined;
}

/** The file of an SQLite database; a path in a schema of Prisma's is relative to that. */
function fileIn(config: readonly Config[]): string | undefined {
  for (const { path, text } of config) {
    const [, file] =
      /(?:filename|url|database|storage|dbName)["']?\s*[:=]\s*["'`](?:file:)?([^"'`\s]+\.(?:db|sqlite3?|sqlite))/.exec(
        text,
      ) ?? [];
    if (file === undefined) continue;
    return besideSchema(path, file);
  }
  return undefined;
}

function besideSchema(config: string | undefined, file: string): string {
  const bare = file.replace(/^\.\//, "");
  const isBeside = config?.endsWith(".prisma") && config.includes("/") && !bare.startsWith("/");
  return isBeside ? normalize(`${config!.replace(/\/[^/]*$/, "")}/${bare}`) : bare;
}
