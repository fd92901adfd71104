/** The text of a new release file. */

type Template = { readonly function: string; readonly options: string };

const url = '{ url: () => env("DATABASE_URL") }';

/** The adapters that a release file can be written for: their exports, and the first options. */
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

/** The facts for a new release file. */
export type ReleaseTemplate = {
  readonly app: string;
  readonly adapter: AdapterName;
  /**
   * `typescript`: the defaults that query builders of TypeScript expect. `ecto`: those of an
   * existing history, which are the defaults of the language.
   */
  readonly defaults: "typescript" | "ecto";
  /** More lines of imports, and of the repo after its adapter. Default: none. */
  readonly imports?: readonly string[];
  readonly lines?: readonly string[];
  /** The variable, or the file, that the database is at. Default: `DATABASE_URL`, or a file called `main`. */
  readonly variable?: string;
  readonly path?: string;
};

/** One repo, `main`, on that database. */
export function releaseTemplate(given: ReleaseTemplate): string {
  const { app, adapter, defaults, variable = "DATABASE_URL", path } = given;
  const { function: name, options: usual } = adapters[adapter];
  const options = usual
    .replace("DATABASE_URL", () => variable)
    .replace(/main\.db|\.data\/main/, (file) => path ?? file);
  const lines = [
    ...(given.lines ?? []),
    ...(defaults === "typescript" ? newDefaults[grammars[adapter]] : []),
  ];
  const imports = [
    "defineRelease",
    ...(options.includes("env(") ? ["env"] : []),
    ...(lines.some((line) => line.includes("sql`")) ? ["sql"] : []),
  ];
  const repo = `main: { adapter: ${name}(${options}) },`;
  const block = [
    "main: {",
    `  adapter: ${name}(${options}),`,
    ...lines.map((line) => `  ${line}`),
    "},",
  ];
  const repos = lines.length === 0 ? [repo] : block;
  return `import { ${imports.join(", ")} } from "slipway";
${(given.imports ?? []).map((line) => `${line}\n`).join("")}import { ${name} } from "slipway/${adapter}";

/** The entry point into the app for everything that a release does to its databases. */
export const Release = defineRelease({
  app: ${JSON.stringify(app)},
  repos: {
${repos.map((line) => `    ${line}\n`).join("")}  },
});
`;
}

type Grammar = "postgres" | "sqlite" | "mysql";

const grammars: { readonly [Adapter in AdapterName]: Grammar } = {
  postgres: "postgres",
  "postgres-js": "postgres",
  neon: "postgres",
  pglite: "postgres",
  sqlite: "sqlite",
  "better-sqlite3": "sqlite",
  libsql: "sqlite",
  mysql: "mysql",
  mariadb: "mysql",
};

const head = "// The words of your migrations stand for this. Decide before the first one runs.";

function timestamps(type: string, now: string): readonly string[] {
  return [
    "timestamps: {",
    '  insertedAt: "created_at",',
    '  updatedAt: "updated_at",',
    `  type: "${type}",`,
    `  default: sql\`${now}\`,`,
    "},",
  ];
}

/** The lines of a repo, each with its reason. */
const newDefaults: { readonly [Of in Grammar]: readonly string[] } = {
  postgres: [
    head,
    "// t.id(): the key's sequence belongs to its column, so rights and dumps go along.",
    'primaryKey: { type: "identity" },',
    "// t.timestamps(): a moment with its time zone, filled in by the database when your code does not.",
    ...timestamps("timestamptz", "now()"),
    '// "string": no limit that nobody asked for; it costs the same. A size still gives varchar.',
    'strings: { type: "text" },',
  ],
  sqlite: [
    head,
    "// t.timestamps(): UTC, filled in by the database when your code does not.",
    ...timestamps("utc_datetime", "current_timestamp"),
  ],
  mysql: [
    head,
    "// t.timestamps(): UTC, filled in by the database when your code does not.",
    ...timestamps("utc_datetime", "(utc_timestamp())"),
  ],
};
