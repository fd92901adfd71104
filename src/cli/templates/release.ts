/** The text of a new release file. */

/** The databases that a release file can be written for. */
export type AdapterName = "postgres" | "pglite" | "sqlite";

const calls: { readonly [Name in AdapterName]: string } = {
  postgres: 'postgres({ url: () => env("DATABASE_URL") })',
  pglite: 'pglite({ dataDir: ".data/main" })',
  sqlite: 'sqlite({ path: "main.db" })',
};

/** One repo, `main`, on that database. */
export function releaseTemplate(options: {
  readonly app: string;
  readonly adapter: AdapterName;
}): string {
  const { app, adapter } = options;
  const call = calls[adapter];
  const imports = call.includes("env(") ? "defineRelease, env" : "defineRelease";
  return `import { ${imports} } from "slipway";
import { ${adapter} } from "slipway/${adapter}";

/** The entry point into the app for everything that a release does to its databases. */
export const Release = defineRelease({
  app: ${JSON.stringify(app)},
  repos: {
    main: { adapter: ${call} },
  },
});
`;
}
