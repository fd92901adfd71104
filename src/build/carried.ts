/**
 * The data that a program carries about its migrations, so that it needs no folder. Plain data.
 */
import type { MigrationFile } from "../core/model/migration.ts";
import type { SentBack } from "../core/plan/step.ts";
import type { Verdict } from "../core/safety/rules/verdict-data.ts";

/** One migration, with all that is read of it at run time. */
export type CarriedMigration = {
  readonly file: MigrationFile;
  /** `kind:checksum` of its text, as the history keeps it. */
  readonly checksum: string;
  readonly code: CarriedCode;
  /** The verdict of the safety rules. Default: they had nothing to say. */
  readonly verdict?: Verdict | undefined;
  /** The statements that its way back sent on a shadow. Default: nobody tried it. */
  readonly sentBack?: SentBack | undefined;
  /** The files that it names with `m.executeFile`: text by path. */
  readonly files: { readonly [path: string]: string };
};

/**
 * A module stays in its place, and the program imports it. SQL is carried as its text, and lies
 * beside where it is too large for that.
 */
export type CarriedCode =
  | LargeCode
  | { readonly kind: "module"; readonly path: string }
  | { readonly kind: "sql"; readonly text: string }
  | {
      readonly kind: "pair";
      readonly up?: string | undefined;
      readonly down?: string | undefined;
      readonly transaction?: boolean | undefined;
    };

/** The lanes of a repo, as a release carries them. */
export const lanes = [
  "migrations",
  "dataMigrations",
  "tenantMigrations",
  "tenantDataMigrations",
] as const;

/** The migrations of one repo. A lane is left out where the user's own map gives it. */
export type CarriedRepo = {
  readonly name: string;
  readonly migrations?: readonly CarriedMigration[] | undefined;
  readonly dataMigrations?: readonly CarriedMigration[] | undefined;
  /** Left out too where the repo is one. */
  readonly tenantMigrations?: readonly CarriedMigration[] | undefined;
  readonly tenantDataMigrations?: readonly CarriedMigration[] | undefined;
};

/** An SQL file that is sent while it is read. */
export type LargeCode = {
  readonly kind: "large";
  readonly path: string;
  /** The text of its way back. Default: it has none. */
  readonly down?: string | undefined;
};
