/** Keeps commands that throw data away from a database that looks like one of production. */
import { DevelopmentError } from "../core/model/development-error.ts";
import { refuse } from "../core/model/errors.ts";
import type { Release } from "../release/release.ts";
import { flag } from "./flags.ts";
import { productionSign } from "./production-sign.ts";
import type { CliWorld } from "./world.ts";

/** Confirms that a database is not production, although it looks like it. */
export const notProductionFlag = flag(
  "--not-production",
  "the database is one of development, though it does not look so",
);

/** @throws {ReleaseError} `looks_like_production`, for each repo that does, before anything was done */
export function onlyInDevelopment(
  release: Release,
  repos: readonly string[],
  options: {
    readonly command: string;
    readonly world: Pick<CliWorld, "env">;
    readonly notProduction: true | undefined;
  },
): void {
  const { command, world, notProduction } = options;
  if (notProduction === true) return;
  refuse(
    repos.flatMap((repo) => {
      const target = release.address(repo);
      const sign = productionSign(target, world.env);
      if (sign === undefined) return [];
      return [new DevelopmentError("looks_like_production", { command, repo, target, sign })];
    }),
  );
}
