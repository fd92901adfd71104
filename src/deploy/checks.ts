/** The questions that any CI server asks about a change. */
import type { PackageManager } from "./docker.ts";

/** A database that the migrations run on from nothing. */
export type CheckedDatabase = {
  readonly repo: string;
  /** The environment variable that its URL comes from. */
  readonly variable: string;
  readonly kind: "postgres" | "mysql";
};

export type CheckFacts = {
  readonly packageManager: PackageManager;
  /** The major version of Node. */
  readonly node: string;
  /** The major version of PostgreSQL. */
  readonly postgres: string;
  /** The branch that changes are merged into. */
  readonly branch: string;
  /** Those that need a server. */
  readonly databases: readonly CheckedDatabase[];
  /** The place of a bundle's manifest. Default: there is none to keep fresh. */
  readonly manifest?: string | undefined;
  /**
   * The output of `slipway facts` on production, where the file is there. Default: there is none.
   */
  readonly production?: string | undefined;
  /** The folder of the project in its repository. Default: they are one. */
  readonly folder?: string | undefined;
};

/** One command, and the reason for it. */
export type CheckStep = { readonly name: string; readonly run: string; readonly reason?: string };

/** How packages are installed, as a lockfile says. */
export const installs: { readonly [Manager in PackageManager]: string } = {
  npm: "npm ci",
  pnpm: "npm install --global pnpm && pnpm install --frozen-lockfile",
  yarn: "yarn install --frozen-lockfile",
};

/**
 * The steps check that the change is safe on production, that all migrations run from nothing, and
 * that the release builds. `base` is the shell's name for the commit to compare with; `report` adds
 * how to report findings.
 */
export function checkSteps(
  { manifest, databases, production }: CheckFacts,
  { base, report }: { readonly base: string; readonly report: string },
): readonly CheckStep[] {
  const facts = production === undefined ? "" : ` --facts ${production}`;
  const fresh = `npx slipway gen manifest --out ${manifest} --check`;
  return [
    ...(manifest === undefined ? [] : [{ name: "The bundle's manifest is fresh", run: fresh }]),
    {
      name: "What is new is safe on what production has: locks, rewrites, what old code breaks on",
      run: `npx slipway check --base ${base}${facts} ${report}`,
      reason: "Needs libpg-query among the development dependencies: PostgreSQL's own parser.",
    },
    ...(databases.length === 0
      ? []
      : [{ name: "The databases are there, and empty", run: "npx slipway create" }]),
    { name: "All of them run on an empty database", run: "npx slipway migrate" },
    { name: "Nothing is left pending", run: "npx slipway status --check" },
    { name: "The release can be built", run: `npx slipway release${facts}` },
  ];
}

/** Which servers the databases need. */
export function kindsOf({ databases }: CheckFacts): readonly CheckedDatabase["kind"][] {
  return [...new Set(databases.map(({ kind }) => kind))];
}

/** The settings that start a server, and its databases' addresses. */
type Server = {
  readonly image: (facts: CheckFacts) => string;
  readonly port: number;
  readonly env: { readonly [name: string]: string };
  readonly health: string;
  /** User and password, as a URL begins. */
  readonly address: string;
};

const servers: { readonly [Kind in CheckedDatabase["kind"]]: Server } = {
  postgres: {
    image: ({ postgres }) => `postgres:${postgres}`,
    port: 5432,
    env: { POSTGRES_PASSWORD: "postgres" },
    health: "pg_isready --username postgres",
    address: "postgres://postgres:postgres",
  },
  mysql: {
    image: () => "mysql:8.4",
    port: 3306,
    env: { MYSQL_ROOT_PASSWORD: "mysql" },
    health: "mysqladmin ping --host 127.0.0.1 --password=mysql",
    address: "mysql://root:mysql",
  },
};

/** The settings that start a server of a kind. */
export function serverOf(
  kind: CheckedDatabase["kind"],
  facts: CheckFacts,
): Omit<Server, "image" | "address"> & { readonly image: string } {
  const { image, port, env, health } = servers[kind];
  return { image: image(facts), port, env, health };
}

/** The variable of each repo, with a separate database on the server at `host`. */
export function urlsOf(
  { databases }: CheckFacts,
  host: (kind: CheckedDatabase["kind"]) => string,
): { readonly [variable: string]: string } {
  return Object.fromEntries(
    databases.map(({ repo, variable, kind }) => {
      const { address, port } = servers[kind];
      return [variable, `${address}@${host(kind)}:${port}/${repo.replaceAll(/\W/g, "_")}`];
    }),
  );
}
