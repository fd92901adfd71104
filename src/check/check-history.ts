/** Judges migrations of a release, each on the schema that those before it have built. */
import type { KnownPublications } from "../core/model/database-facts.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import { linesOf } from "../core/plan/baselines.ts";
import type { Step } from "../core/plan/step.ts";
import { judgedStep } from "../core/plan/step-script.ts";
import type { Refused, Script } from "../core/safety/effects/script.ts";
import { SessionSettings } from "../core/safety/effects/session.ts";
import type { HeavyWork } from "../core/safety/forecast/heavy-work.ts";
import { answersOf, answersOfPhase } from "../core/safety/rules/answers.ts";
import { judge } from "../core/safety/rules/judge.ts";
import { areNew, FollowedTables, isOfNew, newTo } from "../core/safety/rules/left-in-run.ts";
import type { Rule, RuleDialect } from "../core/safety/rules/rule.ts";
import { isOfSafeForm, type JudgedMigration } from "../core/safety/rules/verdict.ts";
import { newestMajor } from "./check-files.ts";
import { type Findings, findingsOf } from "./finding.ts";
import type { Parser } from "./parser.ts";
import { saferHistory } from "./safer-history.ts";

export type HistoryMigration = {
  readonly file: MigrationFile;
  readonly step: Step;
  /** The line of each action of the step in its file, where that is known. */
  readonly lines: readonly (number | undefined)[];
};

/** Heavy work, and the statement that does it. */
export type PlacedWork = HeavyWork & {
  readonly file: string;
  readonly line: number;
  readonly statement: string;
};

/**
 * The places that need sizes: heavy work, and statements after one that sets where names are looked
 * for.
 */
export type CheckedWork = {
  readonly works: readonly PlacedWork[];
  /** As `file:line`. */
  readonly pathKnown: ReadonlySet<string>;
};

export type CheckHistoryOptions = {
  readonly parser: Parser;
  /** The versions to report. */
  readonly wanted: ReadonlySet<string>;
  /** Whether they run together, so that one's objects are new to those after it. */
  readonly isOneRun: boolean;
  readonly major?: number | undefined;
  readonly policy: boolean;
  /** The kind of database. Default: `postgres`. */
  readonly dialect?: RuleDialect | undefined;
  /** Rules of the release's own. */
  readonly own: readonly Rule[];
  /** Publications of production. Default: those that migrations make. */
  readonly published?: KnownPublications | undefined;
  /** Whether a safe form replaces a statement when it runs. Default: `false`. */
  readonly replacesUnsafe?: boolean | undefined;
  /** Which tables that no migration made are known to be plain ones. Default: of none it is known. */
  readonly isPlain?: ((table: string) => boolean) | undefined;
  /**
   * The statements that a shadow refused, by the lines of `linesOfHistory`. Default: nobody tried
   * them.
   */
  readonly refused?: readonly (Refused | undefined)[] | undefined;
};

/** Migrations that run one after the other on one database, as they are judged. */
export type JudgedLine = {
  readonly migrations: readonly HistoryMigration[];
  readonly judged: readonly JudgedMigration[];
  /**
   * The files with statements for which only a database decides whether `safe: "auto"` replaces
   * them.
   */
  readonly asks: readonly string[];
};

/** All findings of the wanted migrations; the whole history is given, oldest first. A baseline begins on nothing. */
export function checkHistory(
  migrations: readonly HistoryMigration[],
  options: CheckHistoryOptions,
): Findings & CheckedWork & { readonly asks: readonly string[] } {
  const judged = linesOfHistory(migrations, options);
  const lines = judged.map((line, i) => checkLine(line, options.refused?.[i], options));
  const asks = new Set(judged.flatMap((line) => line.asks));
  const withFinding = new Set(lines.flatMap((one) => one.findings.map(({ file }) => file)));
  return {
    findings: lines.flatMap((one) => one.findings),
    answered: lines.flatMap((one) => one.answered),
    works: lines.flatMap((one) => one.works),
    asks: [...asks].filter((file) => withFinding.has(file)),
    pathKnown: new Set(lines.flatMap((one) => [...one.pathKnown])),
  };
}

/**
 * The migrations that run on a database, in order; several lines where baselines replace a part.
 */
export function linesOfHistory(
  all: readonly HistoryMigration[],
  {
    parser,
    wanted,
    major = newestMajor,
    dialect,
    own,
    replacesUnsafe,
    isPlain,
  }: CheckHistoryOptions,
): readonly JudgedLine[] {
  return linesOf(all, wanted).map((migrations) => {
    const plain = migrations.map(({ step, lines }) => judgedStep(step, parser, lines));
    const steps = migrations.map(({ step }) => step);
    if (replacesUnsafe !== true) return { migrations, judged: plain, asks: [] };
    const safer = saferHistory(steps, plain, { ...parser, major, dialect, own, isPlain });
    const files = migrations.flatMap(({ file }, i) => (safer.asks[i] ? [file.origin] : []));
    return { migrations, judged: safer.migrations, asks: isPlain === undefined ? files : [] };
  });
}

function checkLine(
  { migrations, judged }: JudgedLine,
  refused: Refused | undefined,
  options: CheckHistoryOptions,
): Findings & CheckedWork {
  const { parser, wanted, isOneRun, major = newestMajor, policy, dialect } = options;
  const { own: rules, published } = options;
  const heavy: { work: HeavyWork; script: number; statement: number }[] = [];
  const works: PlacedWork[] = [];
  const made = new Set<string>();
  const changes = migrations.map(() => new FollowedTables());
  const violations = judge(
    judged.map(({ script }) => script),
    {
      ...{ ...parser, server: { major }, policy, dialect, eachIsARun: true, own: rules, published },
      refused,
      made: (change, script) => changes[script]?.take(change),
      work: (work, at) => heavy.push({ work, ...at }),
    },
  );
  const found = migrations.flatMap(({ file }, i) => {
    if (!wanted.has(file.version)) return [];
    const { script, safe, phase } = judged[i]!;
    const said = violations.filter((one) => one.script === i && !isOfSafeForm(one, script));
    const isNew = newTo(changes[i]!, made);
    const own = said.filter((one) => !isOfNew(one, isNew));
    for (const { work, statement } of heavy.filter((one) => one.script === i)) {
      const { line = 1, text = "" } = script.statements[statement] ?? {};
      if (!areNew([work.table], isNew))
        works.push({ ...work, file: script.name, line, statement: text });
    }
    if (!isOneRun) made.clear();
    // On an empty database no finding needs the answer, but other databases do.
    const answers = answersOf(safe, dialect).map((answer) =>
      said.some(({ rule }) => rule === answer.rule)
        ? { ...answer, implied: true as const }
        : answer,
    );
    return [findingsOf(script, own, [...answersOfPhase(phase), ...answers])];
  });
  return {
    findings: found.flatMap((one) => one.findings),
    answered: found.flatMap((one) => one.answered),
    works,
    pathKnown: new Set(judged.flatMap(({ script }) => placesOfKnownPath(script))),
  };
}

function placesOfKnownPath({ name, statements }: Script): readonly string[] {
  const settings = new SessionSettings(new Map());
  return statements.flatMap(({ node, line }) => {
    if (node?.kind === "TransactionStmt") settings.endTransaction();
    else if (node !== undefined) settings.read(node, { isBlock: true });
    return settings.current().has("search_path") ? [`${name}:${line ?? 1}`] : [];
  });
}
