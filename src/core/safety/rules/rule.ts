/** Defines a safety rule, and its findings. */
import type { RuleDialect } from "../../language/dialect.ts";
import type { KnownPublications } from "../../model/database-facts.ts";
import type { Table } from "../effects/catalog.ts";
import type { EffectKind, EffectOf } from "../effects/effect.ts";
import type { LockMode } from "../effects/lock.ts";
import { exists } from "../effects/scene.ts";
import type { SafeStatement, WrittenForm } from "../forms/safe-form.ts";

export type { RuleDialect } from "../../language/dialect.ts";

/** SQL that shows a rule, run by the tests on real servers. */
export type RuleExample = {
  /** SQL of earlier migrations. Default: none. */
  readonly schema?: string;
  /** Tables that a subscription fills. Default: there is no subscription. */
  readonly subscribed?: readonly string[];
  readonly sql: string;
  /** Whether it is run in one transaction. Default: statement by statement. */
  readonly inTransaction?: true;
  /** The oldest server that it is meant for. Default: all. */
  readonly since?: number;
};

/** The facts of the database of an example. Default: none are known. */
export function factsOfExample({ subscribed }: RuleExample): KnownPublications | undefined {
  if (subscribed === undefined) return undefined;
  const subscription = { name: "news", publications: ["feed"], tables: subscribed };
  return { publications: [], tables: [], subscriptions: [subscription] };
}

/** The judgement of one rule about one effect. */
export type Judgement = {
  /** The harm in one sentence, without the closing full stop. */
  readonly message: string;
  /** The lock that others meet, and for how long. */
  readonly lock?: { readonly mode: LockMode; readonly until: string } | undefined;
  /** A replacement for the statement: a form made of it, or lines in the reader's own names. */
  readonly safe?: SafeStatement | WrittenForm | undefined;
  readonly tables: readonly string[];
  /** The page that proves it. Default: the rule's. */
  readonly source?: string | undefined;
  /** The column that it is about, where it matters which. */
  readonly column?: string | undefined;
};

/** A safety rule: which effects of a statement it is about, and what it says of them. */
export interface Rule<Kind extends EffectKind = EffectKind> {
  /** The id that `check` prints and answers name. */
  readonly name: string;
  /** `policy` only runs when you ask for it. */
  readonly tier: "core" | "policy";
  readonly dialects: readonly RuleDialect[];
  /** Why it is unsafe, for people who have not met it. */
  readonly why: string;
  /** The page that proves it. */
  readonly source: string;
  readonly bad: RuleExample;
  readonly good: RuleExample;
  /** The kind of effect that it judges. */
  readonly on: Kind;
  /** Judges an effect; gives `undefined` when it is harmless. */
  readonly judge: (effect: EffectOf<Kind>) => Judgement | undefined;
}

/**
 * The names of Slipway's own rules. Each rule says its own here, so that a list without it does not compile.
 * Types only: at run time nobody writes himself into anything.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the rules fill it
export interface RuleNames {}

/** Gives a rule the type of the effect that it judges, and forgets it, so that rules can stand in one list. */
export function defineRule<Kind extends EffectKind>(
  rule: Rule<Kind> & { readonly name: keyof RuleNames },
): Rule {
  return rule as unknown as Rule;
}

/** Whether others use the table: it is older than the run. */
export function inUse(table: Table): boolean {
  return exists(table);
}
