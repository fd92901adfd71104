/**
 * `releases/VERSION/manifest.json`: the parts of a release, for people, programs and `verify`.
 * Pure.
 */
import type { MigrationFile, Version } from "../core/model/migration.ts";
import type { Statement } from "../core/model/statement.ts";
import type { StoredAction, StoredDirection, StoredPlan } from "../core/plan/stored-plan-data.ts";

/**
 * A release's description of itself. Plain JSON. `format` changes when an older reader could no
 * longer read it.
 */
export type ReleaseManifest = {
  readonly format: 2;
  readonly name: string;
  readonly version: string;
  /** The version of the package that built it. */
  readonly slipway: string;
  /** The Node that built it, and whether it is in the release. */
  readonly node: {
    readonly version: string;
    readonly platform: string;
    readonly arch: string;
    readonly included: boolean;
  };
  readonly repos: readonly ManifestRepo[];
};

export type ManifestRepo = {
  readonly name: string;
  readonly adapter: string;
  readonly migrations: readonly ManifestMigration[];
  readonly dataMigrations: readonly ManifestMigration[];
  /** The migrations of each tenant. Left out where the repo is one. */
  readonly tenantMigrations?: readonly ManifestMigration[];
  /** Left out where there are none. */
  readonly tenantDataMigrations?: readonly ManifestMigration[];
};

export type ManifestMigration = {
  readonly version: Version;
  readonly name: string;
  readonly origin: string;
  /** `kind:checksum` of its text. */
  readonly checksum?: string;
  /** A checksum of its meaning. */
  readonly meaning: string;
  /** What it does, in this order. */
  readonly up: readonly ManifestStep[];
  /** What rolls it back, or why nothing can. */
  readonly down: readonly ManifestStep[] | { readonly refused: string };
  /** The directions that run without a transaction. Left out where both have one. */
  readonly withoutTransaction?: readonly ("up" | "down")[];
  /** The verdict of the safety rules when it was built. */
  readonly verdict?: unknown;
};

/** A statement: its text, and its values or rows where it has some. Of code and of rows that are filled, the words. */
export type ManifestStep =
  | string
  | Pick<Statement, "sql" | "parameters" | "stdin">
  | { readonly words: string };

/** A migration that was compiled without a database. */
export type CompiledMigration = {
  readonly file: MigrationFile;
  readonly checksum: string | undefined;
  readonly meaning: string;
  readonly plan: StoredPlan;
};

export type CompiledRepo = {
  readonly repo: string;
  readonly adapter: string;
  readonly migrations: readonly CompiledMigration[];
  readonly dataMigrations: readonly CompiledMigration[];
  readonly tenantMigrations?: readonly CompiledMigration[] | undefined;
  readonly tenantDataMigrations?: readonly CompiledMigration[] | undefined;
};

/** Gives the rules' verdict on a migration; nothing where they have no finding. */
export type VerdictOf = (repo: CompiledRepo, migration: CompiledMigration) => unknown;

/** The repos of a manifest. */
export function manifestRepos(
  repos: readonly CompiledRepo[],
  verdictOf: VerdictOf,
): readonly ManifestRepo[] {
  return repos.map((repo) => {
    const lane = (migrations: readonly CompiledMigration[]) =>
      migrations.map((one) => manifestMigration(one, verdictOf(repo, one)));
    return {
      name: repo.repo,
      adapter: repo.adapter,
      migrations: lane(repo.migrations),
      dataMigrations: lane(repo.dataMigrations),
      ...(repo.tenantMigrations === undefined
        ? {}
        : { tenantMigrations: lane(repo.tenantMigrations) }),
      ...(repo.tenantDataMigrations === undefined || repo.tenantDataMigrations.length === 0
        ? {}
        : { tenantDataMigrations: lane(repo.tenantDataMigrations) }),
    };
  });
}

function manifestMigration(migration: CompiledMigration, verdict: unknown): ManifestMigration {
  const { file, checksum, meaning, plan } = migration;
  const { version, name, origin } = file;
  return {
    version,
    name,
    origin,
    ...(checksum === undefined ? {} : { checksum }),
    meaning,
    ...directionsOf(plan),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

type Directions = Pick<ManifestMigration, "up" | "down" | "withoutTransaction">;

/** How a run treats a statement, and how it asks whether it took effect, stands in `lib/plans.json` alone. */
function directionsOf({ up, down }: StoredPlan): Directions {
  const steps = ({ actions }: StoredDirection) => actions.flatMap(stepsOf);
  const withoutTransaction = [
    ...(up.transactional ? [] : (["up"] as const)),
    ...("refused" in down || down.transactional ? [] : (["down"] as const)),
  ];
  return {
    up: steps(up),
    down: "refused" in down ? down : steps(down),
    ...(withoutTransaction.length === 0 ? {} : { withoutTransaction }),
  };
}

function stepsOf(action: StoredAction): readonly ManifestStep[] {
  if (!("statements" in action)) return [{ words: action.words }];
  return action.statements.map(({ sql, parameters, stdin }) => {
    if (parameters === undefined && stdin === undefined) return sql;
    return {
      sql,
      ...(parameters === undefined ? {} : { parameters }),
      ...(stdin === undefined ? {} : { stdin }),
    };
  });
}

const isLane = /^(?:migrations|dataMigrations|tenantMigrations|tenantDataMigrations)$/;

/** A line for each migration: laid out key by key a manifest is twice as large, and no easier to compare. */
export function releaseManifestText(manifest: ReleaseManifest): string {
  const migrations: string[] = [];
  const asLines = (key: string, value: unknown) => {
    if (!isLane.test(key)) return value;
    return (value as readonly ManifestMigration[]).map((one) => {
      migrations.push(JSON.stringify(one));
      return `migration ${migrations.length - 1} of ${manifest.name}`;
    });
  };
  const text = JSON.stringify(manifest, asLines, 2);
  const places = /^( +)"migration (\d+) of [^"]*"(,?)$/gm;
  return `${text.replace(places, (_, indent, place, comma) => `${indent}${migrations[Number(place)]}${comma}`)}\n`;
}
