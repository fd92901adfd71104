/** The file that `slipway facts` prints: what the databases of a release are. Plain data, and no row of anybody's. */
import type { DatabaseFacts, MeasuredWork } from "./database-facts.ts";
import type { Version } from "./migration.ts";

/** One repo's database. */
export type RepoFacts = DatabaseFacts & {
  /** `PostgreSQL`. */
  readonly database: string;
  /** The safety rules that are for it. */
  readonly rules?: "postgres" | "mysql" | "sqlite" | undefined;
  /** The versions of the migrations that have run there, oldest first. */
  readonly applied: readonly Version[];
  /** Heavy work of earlier migrations, the newest first. */
  readonly measured?: readonly MeasuredWork[] | undefined;
};

/** The file that `slipway facts` prints. Its shape has a version: docs/facts.md. */
export type ProductionFacts = {
  readonly slipwayFacts: 1;
  readonly app: string;
  /** In UTC. */
  readonly takenAt: string;
  readonly repos: { readonly [repo: string]: RepoFacts };
};
