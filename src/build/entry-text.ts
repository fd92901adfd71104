/** The modules that the bundler is given beside the user's own. Pure: text out. */
import type { AppModules } from "./app.ts";
import type { CarriedMigration, CarriedRepo } from "./carried.ts";

/** Names that stand for these modules while they are bundled. */
export const moduleNames = {
  /** The release with its migrations inside; what the user's own file is for everyone else. */
  release: "slipway:release",
  /** The names of the migrations, without their code. */
  listed: "slipway:listed",
  /** The migrations with their code. */
  migrations: "slipway:migrations",
  /** The command line of the release. */
  main: "slipway:main",
} as const;

/** The user's release file, with all that it exports, and its release with migrations and version inside. */
export function releaseModule(file: string, version: string | undefined): string {
  const path = JSON.stringify(file);
  const changes =
    version === undefined ? "{ manifest }" : `{ manifest, version: ${JSON.stringify(version)} }`;
  return `import * as original from ${path};
import { manifest } from "${moduleNames.listed}";
export * from ${path};
export const Release = (original.Release ?? original.default).using(${changes});
export default Release;
`;
}

/** `load` is an expression that gives the module of the migrations, or a promise of it. */
export function listedModule(
  repos: readonly CarriedRepo[],
  options: { readonly lazyManifest: string; readonly load: string },
): string {
  const lane = (migrations: readonly CarriedMigration[] | undefined) =>
    migrations?.map(({ file, checksum }) => ({ ...file, checksum }));
  const listed = Object.fromEntries(
    repos.map(({ name, migrations, dataMigrations }) => [
      name,
      { migrations: lane(migrations), dataMigrations: lane(dataMigrations) },
    ]),
  );
  // Parsed as JSON a long list takes a tenth of the time that it takes as JavaScript.
  const json = JSON.stringify(JSON.stringify(listed));
  return `import { lazyManifest } from ${JSON.stringify(options.lazyManifest)};
export const manifest = lazyManifest(JSON.parse(${json}), async () => (await ${options.load}).manifest);
`;
}

export function mainModule(options: {
  readonly door: string;
  readonly slipway: string;
  readonly app: AppModules | undefined;
}): string {
  const { slipway, app } = options;
  return `import { runBuilt } from ${JSON.stringify(options.door)};
import { Release } from "${moduleNames.release}";
const facts = ${JSON.stringify({ slipway, app })};
export const run = (root) => runBuilt({ ...facts, release: Release }, root);
`;
}
