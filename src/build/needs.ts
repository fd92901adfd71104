/**
 * The parts of Slipway that a release needs at run time for its migrations: the rest is left out.
 * Pure.
 */
import type { PlannedAhead } from "../core/plan/plan-ahead.ts";
import type { Planned, PlannedRefusal } from "../core/plan/planned.ts";
import {
  type PlannedMigration,
  type PlannedRelease,
  type PrefixedPlans,
  prefixMark,
} from "../core/plan/planned-release.ts";
import { type CarriedMigration, type CarriedRepo, lanes } from "./carried.ts";
import { largeFilesIn } from "./large-files.ts";

/** A repo with its migrations, which can be compiled before they run. */
export type PlannableRepo = {
  readonly repo: string;
  /** The name of its dialect. */
  readonly dialect: string;
  /** Whose rules its SQL follows: `postgres`. */
  readonly syntax: string;
  readonly defaults: unknown;
  /** A setting of the repo that is only known where its migrations run. Default: none. */
  readonly knownLater?: string | undefined;
  readonly migrations: readonly PlannableMigration[];
  readonly dataMigrations: readonly PlannableMigration[];
  /** Default: the repo is one. */
  readonly tenantMigrations?: readonly PlannableMigration[] | undefined;
  readonly tenantDataMigrations?: readonly PlannableMigration[] | undefined;
};

export type PlannableMigration = {
  readonly file: { readonly id: string };
  /** A checksum of its meaning. */
  readonly meaning: string;
  readonly step: { readonly backfill?: unknown };
  planAhead(prefix?: string): PlannedAhead;
};

export type Needs = {
  /** Why migrations are compiled where they run. Empty: they are not, so the language with its compiler is left out. */
  readonly compiler: readonly string[];
  /** Whether the release needs the code that works on backfills. */
  readonly backfills: boolean;
  /** Whether a repo is many. */
  readonly tenants: boolean;
  /** Whether a safety rule has a finding without an answer. */
  readonly findings: boolean;
  /** Whether a migration has a statement that takes longer with more rows. */
  readonly heavy: boolean;
  /** Whose rules of SQL are needed. */
  readonly syntaxes: readonly string[];
  /** Whether an SQL file is sent while it is read. */
  readonly large: boolean;
  /** Whether there is SQL to be cut into parts. */
  readonly sql: boolean;
  /** The compiled migrations, where there is no compiler. */
  readonly planned?: Plans | undefined;
};

export type Plans = { readonly release: PlannedRelease; readonly prefixed: PrefixedPlans };

export type NeedsInput = {
  readonly carried: readonly CarriedRepo[];
  readonly compiled: readonly PlannableRepo[];
  /**
   * A name in the module of a migration that may mean something else elsewhere: `process`. Default:
   * none.
   */
  readonly variesBy: (path: string) => string | undefined;
  /** Whether the compiler is wanted in any case. */
  readonly keepCompiler: boolean;
};

/** One migration, its place, and the data that the release carries for it. */
type Found = {
  readonly repo: string;
  readonly lane: (typeof lanes)[number];
  readonly plannable: PlannableMigration;
  /** Default: the user's own map gives it. */
  readonly carried: CarriedMigration | undefined;
};

/** Looks at every migration. */
export function needsOf(input: NeedsInput): Needs {
  const all = input.compiled.flatMap((repo) => migrationsOf(repo, input.carried));
  const verdicts = all.flatMap(({ carried }) => carried?.verdict ?? []);
  const own = input.carried.filter(({ name, ...repo }) => {
    const isMany = input.compiled.some((one) => one.repo === name && one.tenantMigrations);
    return lanes.some((lane) => repo[lane] === undefined && (!/^tenant/.test(lane) || isMany));
  });
  const tenants = input.compiled.some((repo) => repo.tenantMigrations !== undefined);
  const isOwn = own.length > 0;
  // The progress of each tenant is kept as that of a backfill.
  const isKept = ({ plannable, lane }: Found) =>
    plannable.step.backfill !== undefined || lane === "tenantDataMigrations";
  const backfills = isOwn || all.some(isKept);
  const findings = isOwn || verdicts.some((verdict) => verdict.findings.length > 0);
  const heavy = isOwn || verdicts.some((verdict) => verdict.heavy !== undefined);
  const sql = isOwn || all.some(({ carried }) => carried !== undefined && hasSql(carried));
  const ownLanes = own.map(({ name }) => `repo ${name} is given migrations by the release file`);
  const later = input.compiled.flatMap(({ repo, knownLater }) =>
    knownLater === undefined ? [] : [`repo ${repo} has ${knownLater}`],
  );
  const syntaxes = [...new Set(input.compiled.map(({ syntax }) => syntax))];
  const large = largeFilesIn(input.carried).length > 0;
  const rooms = { backfills, tenants, findings, heavy, syntaxes, sql, large };
  if (input.keepCompiler) return { compiler: ["--keep-compiler"], ...rooms };
  const known = [...ownLanes, ...later];
  const compiled = known.length > 0 ? [] : all.map((one) => compileOne(one, input));
  const compiler = [...known, ...compiled.flatMap((one) => ("why" in one ? one.why : []))];
  if (compiler.length > 0) return { compiler, ...rooms };
  const planned = compiled.flatMap((one) => ("plan" in one ? [one] : []));
  return { compiler, ...rooms, sql: false, planned: plansOf(input.compiled, planned) };
}

function migrationsOf(compiled: PlannableRepo, carried: readonly CarriedRepo[]): readonly Found[] {
  const { repo } = compiled;
  const found = carried.find(({ name }) => name === repo);
  return lanes.flatMap((lane) => {
    const known = new Map(found?.[lane]?.map((one) => [one.file.id, one]));
    return (compiled[lane] ?? []).map((plannable) => {
      return { repo, lane, plannable, carried: known.get(plannable.file.id) };
    });
  });
}

/** SQL files, and those that a module names. */
function hasSql({ code, files }: CarriedMigration): boolean {
  return !("path" in code) || Object.keys(files).length > 0;
}

type Compiled = Pick<Found, "repo" | "lane"> & {
  readonly id: string;
  readonly plan: PlannedMigration;
  /** Default: a prefix changes nothing. */
  readonly prefixed?: Planned | PlannedRefusal;
};

function compileOne(found: Found, input: NeedsInput): Compiled | { readonly why: string } {
  const { repo, lane, plannable, carried } = found;
  const { id } = plannable.file;
  const because = (why: string) => ({ why: `${repo} ${id} ${why}` });
  if (carried === undefined) return because("was not found again");
  const varies = carried.code.kind === "module" ? input.variesBy(carried.code.path) : undefined;
  if (varies !== undefined) return because(`has ${varies}`);
  const ahead = plannable.planAhead();
  if ("why" in ahead) return because(ahead.why);
  if ("refused" in ahead) return because("cannot be compiled");
  const { checksum, verdict } = carried;
  const meaning = { checksum: plannable.meaning };
  const said = verdict === undefined ? {} : { verdict };
  const plan = { ...ahead.planned, meaning, checksum, ...said };
  const marked = plannable.planAhead(prefixMark);
  if ("why" in marked) return because(`${marked.why}, with a prefix`);
  const prefixed = "refused" in marked ? marked : marked.planned;
  const [text, plain] = [JSON.stringify(prefixed), JSON.stringify(ahead.planned)];
  if (text === plain) return { repo, lane, id, plan };
  if (withoutMark(text) === plain) return { repo, lane, id, plan, prefixed };
  return text.includes(prefixMark) && isPutInAfterwards(plannable, prefixed)
    ? { repo, lane, id, plan, prefixed }
    : because("says a prefix in a way that is not the same for all");
}

/**
 * Removes the prefix before names, in quotes and in words, and before the names of tables, also in
 * the text of a meaning.
 */
function withoutMark(json: string): string {
  return json
    .replaceAll(`"table":"${prefixMark}.`, '"table":".')
    .replaceAll(`\\"${prefixMark}\\".`, "")
    .replaceAll(`${prefixMark}.`, "")
    .replaceAll(field, "");
}

/** The fields that name a schema, with a comma before or behind. */
const field = new RegExp(
  [
    `\\\\?"(?:prefix|schema)\\\\?":\\\\?"${prefixMark}\\\\?"`,
    String.raw`\{"access":"\w+","path":\["schema ${prefixMark}"\]\}`,
  ]
    .flatMap((one) => [`,${one}`, `${one},`])
    .join("|"),
  "g",
);

/** Whether another prefix can replace the one in the statements. */
function isPutInAfterwards(
  { planAhead }: PlannableMigration,
  marked: Planned | PlannedRefusal,
): boolean {
  const other = planAhead(anotherPrefix);
  if ("why" in other) return false;
  const there = JSON.stringify("refused" in other ? other : other.planned);
  return JSON.stringify(marked).replaceAll(prefixMark, anotherPrefix) === there;
}

/** Needs quotes wherever a name may do without, and has another length. */
const anotherPrefix = "Ünd-$1";

function plansOf(repos: readonly PlannableRepo[], all: readonly Compiled[]): Plans {
  const compiled = withoutTouches(all);
  const byLane = <One>(of: (one: Compiled) => One | undefined) =>
    Object.fromEntries(
      repos.map(({ repo, ...has }) => [
        repo,
        Object.fromEntries(
          lanes
            .filter((lane) => has[lane] !== undefined)
            .map((lane) => [
              lane,
              Object.fromEntries(
                compiled
                  .filter((one) => one.repo === repo && one.lane === lane)
                  .flatMap((one) => {
                    const value = of(one);
                    return value === undefined ? [] : [[one.id, value] as const];
                  }),
              ),
            ]),
        ),
      ]),
    );
  const compiledFor = repos.map(({ repo, dialect, defaults }) => [repo, { dialect, defaults }]);
  return {
    release: {
      compiledFor: Object.fromEntries(compiledFor),
      plans: byLane(({ plan }) => plan),
    },
    prefixed: byLane(({ prefixed }) => prefixed),
  };
}

/**
 * A plan asks what a migration touches only where one phase overtakes another: never in a lane with
 * a single phase.
 */
function withoutTouches(compiled: readonly Compiled[]): readonly Compiled[] {
  const laneOf = ({ repo, lane }: Compiled) => `${lane} ${repo}`;
  const phases = new Map<string, ReadonlySet<string>>();
  for (const one of compiled) {
    const found = phases.get(laneOf(one)) ?? [];
    phases.set(laneOf(one), new Set([...found, one.plan.phase]));
  }
  return compiled.map((one) => {
    if ((phases.get(laneOf(one))?.size ?? 0) > 1) return one;
    const { plan, prefixed } = one;
    return {
      ...one,
      plan: { ...plan, touches: [] },
      ...(prefixed === undefined || "refused" in prefixed
        ? {}
        : { prefixed: { ...prefixed, touches: [] } }),
    };
  });
}
