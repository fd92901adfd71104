/** The text of a new release file. */

type Template = { readonly function: string; readonly options: string };

const url = '{ url: () => env("DATABASE_URL") }';

/** The adapters that a release file can be written for: what each exports, and the options to begin with. */
const adapters = {
  postgres: { function: "postgres", options: url },
  "postgres-js": { function: "postgresJs", options: url },
  neon: { function: "neon", options: url },
  pglite: { function: "pglite", options: '{ dataDir: ".data/main" }' },
  sqlite: { function: "sqlite", options: '{ path: "main.db" }' },
  "better-sqlite3": { function: "betterSqlite3", options: '{ path: "main.db" }' },
  libsql: { function: "libsql", options: '{ url: "file:main.db" }' },
  mysql: { function: "mysql", options: url },
  mariadb: { function: "mariadb", options: url },
} as const satisfies { readonly [adapter: string]: Template };

export type AdapterName = keyof typeof adapters;

export const adapterNames = Object.keys(adapters) as readonly AdapterName[];

/** One repo, `main`, on that database. */
export function releaseTemplate({
  app,
  adapter,
}: {
  readonly app: string;
  readonly adapter: AdapterName;
}): string {
  const { function: name, options } = adapters[adapter];
  const imports = options.includes("env(") ? "defineRelease, env" : "defineRelease";
  return `import { ${imports} } from "slipway";
import { ${name} } from "slipway/${adapter}";

/** The entry point into the app for everything that a release does to its databases. */
export const Release = defineRelease({
  app: ${JSON.stringify(app)},
  repos: {
    main: { adapter: ${name}(${options}) },
  },
});
`;
}
