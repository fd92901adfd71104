/** Judges scripts: from their effects to the violations. */
import { foretellByWords } from "../effects/by-words.ts";
import type { Effect, EffectOf } from "../effects/effect.ts";
import { foretell } from "../effects/foretell.ts";
import type { ForetellOptions, Script, ScriptStatement } from "../effects/script.ts";
import { type HeavyWork, heavyWorkOf } from "../forecast/heavy-work.ts";
import { isForm, type SafeStatement, type WrittenForm } from "../forms/safe-form.ts";
import { writeForm } from "../forms/write-form.ts";
import { rules } from "./index.ts";
import type { Judgement, Rule, RuleDialect } from "./rule.ts";

/** A finding: which rule, where, and what is wrong. Plain data. */
export type Violation = Omit<Judgement, "safe"> & {
  /** The replacement for the statement, in words. */
  readonly safe?: WrittenForm | undefined;
  /** The form that those words are of, where they are the statement itself, made safe. */
  readonly form?: SafeStatement | undefined;
  /** How well what it is about is known. */
  readonly made: Made;
  readonly rule: string;
  readonly tier: Rule["tier"];
  /** The script, counted from 0, and its statement. */
  readonly script: number;
  readonly statement: number;
  readonly source: string;
};

/** `known` with its columns and constraints; `made` by a migration, and no more is known; `elsewhere` by who knows whom. */
export type Made = "known" | "made" | "elsewhere";

function madeBy(effect: Effect): Made {
  if (effect.kind === "index rebuilt") return effect.isSure ? "made" : "elsewhere";
  const table = "table" in effect ? effect.table : "view" in effect ? effect.view : undefined;
  if (typeof table !== "object" || table.heardOf === true) return "elsewhere";
  return table.known ? "known" : "made";
}

export type JudgeOptions = Omit<ForetellOptions<never>, "judge"> & {
  /** Whether the rules of the opt-in tier run too. Default: `false`. */
  readonly policy?: boolean | undefined;
  /** The kind of database. Default: `postgres`. */
  readonly dialect?: RuleDialect | undefined;
  /** Rules of the release's own. Default: none. */
  readonly own?: readonly Rule[] | undefined;
  /** Hears of every table that a script makes, and of each that it renames. */
  readonly made?:
    | ((change: EffectOf<"table made" | "table moved">, script: number) => void)
    | undefined;
  /** Hears of work that takes longer the more rows there are. Default: nobody listens. */
  readonly work?:
    | ((work: HeavyWork, at: { readonly script: number; readonly statement: number }) => void)
    | undefined;
};

/** Everything that the rules find in the scripts, statement by statement. A rule speaks once of one thing. */
export function judge(scripts: readonly Script[], options: JudgeOptions): readonly Violation[] {
  const { own = [], dialect = "postgres" } = options;
  const isMeant = ({ tier, dialects }: Rule) =>
    (tier === "core" || options.policy === true) && dialects.includes(dialect);
  const asked = [
    ...rules.filter((rule) => rule.tier === "core" || options.policy === true),
    ...own.filter(isMeant),
  ];
  const said = (effect: Effect) =>
    asked.flatMap((rule) => {
      const judgement = rule.on === effect.kind ? rule.judge(effect) : undefined;
      return judgement === undefined ? [] : [{ ...judgement, rule, made: madeBy(effect) }];
    });
  const judged = (effect: Effect) => ({
    said: said(effect),
    work: options.work === undefined ? undefined : heavyWorkOf(effect),
  });
  const foretold =
    dialect === "postgres"
      ? foretell(scripts, { ...options, judge: judged })
      : foretellByWords(scripts, { ...options, dialect, judge: judged });
  return foretold.flatMap(({ script, statement, effects }) => {
    for (const { effect } of effects)
      if (effect.kind === "table made" || effect.kind === "table moved")
        options.made?.(effect, script);
    for (const { judged } of stillTold(effects))
      if (judged.work !== undefined) options.work?.(judged.work, { script, statement });
    return distinct(
      stillTold(effects).flatMap(({ judged }) =>
        judged.said.map(({ rule, safe, ...judgement }) => ({
          ...judgement,
          ...written(safe, scripts[script]?.statements[statement], options),
          rule: rule.name,
          tier: rule.tier,
          script,
          statement,
          source: judgement.source ?? rule.source,
        })),
      ),
    );
  });
}

/** The form in words; none where the statement has none. */
function written(
  safe: Judgement["safe"],
  statement: ScriptStatement | undefined,
  { parse, server }: Pick<JudgeOptions, "parse" | "server">,
): { readonly safe?: WrittenForm; readonly form?: SafeStatement } {
  if (safe === undefined || statement === undefined) return {};
  if (!isForm(safe)) return { safe };
  const words = writeForm(safe, { statement, parse, major: server.major });
  return words === undefined ? {} : { safe: words, form: safe };
}

/** A statement that is certain to fail does nothing else; one that only refuses a transaction would. */
function stillTold<One extends { readonly effect: Effect }>(
  effects: readonly One[],
): readonly One[] {
  const fails = effects.some(
    ({ effect }) => effect.kind === "fails" && effect.refusesTransaction !== true,
  );
  if (!fails) return effects;
  return effects.filter(({ effect }) =>
    /^(fails|concurrently in transaction|unparsable)$/.test(effect.kind),
  );
}

function distinct(violations: readonly Violation[]): readonly Violation[] {
  const seen = new Set<string>();
  return violations.filter(({ rule, message }) => {
    const key = `${rule}\n${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
