/** The file of `slipway facts`, read where no database is. */
import type { RuleDialect } from "../core/language/dialect.ts";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { ProductionFacts } from "../core/model/production-facts.ts";

/**
 * After `old` days the file counts as old, and after `tooOld` days Slipway refuses it: tables have
 * grown meanwhile.
 */
const old = 14;
const tooOld = 90;

export type FactsPlace = {
  /** As the user wrote it. */
  readonly path: string;
  readonly app: string;
  /** The repos that are judged, each with the rules for its database. */
  readonly repos: readonly { readonly repo: string; readonly rules?: RuleDialect | undefined }[];
  readonly now: Date;
};

/** The facts in the file, and its age in days if that deserves a warning. */
export type ReadFacts = { readonly facts: ProductionFacts; readonly oldDays?: number };

/** @throws {ReleaseError} `facts_unreadable`: no such file, another version, another app, too old */
export function parseFacts(text: string, place: FactsPlace): ReadFacts {
  const { path, app, repos, now } = place;
  const refused = (reason: string) => new DevelopmentError("facts_unreadable", { path, reason });
  const value = jsonOf(text);
  if (!isObject(value) || !("slipwayFacts" in value))
    throw refused("it is not what slipway facts prints");
  if (value.slipwayFacts !== 1)
    throw refused(`its version is ${String(value.slipwayFacts)}, and this Slipway reads version 1`);
  const wrong = wrongIn(value);
  if (wrong !== undefined) throw refused(`${wrong} is missing or of another kind`);
  const facts = value as unknown as ProductionFacts;
  if (facts.app !== app) throw refused(`it is of the app ${facts.app}, and this is ${app}`);
  const missing = repos.filter(({ repo }) => !Object.hasOwn(facts.repos, repo));
  if (missing.length > 0) {
    const has = Object.keys(facts.repos).join(", ");
    throw refused(
      `it says nothing of repo ${missing.map(({ repo }) => repo).join(", ")}, only of ${has}`,
    );
  }
  for (const { repo, rules } of repos) {
    const { database, rules: then } = facts.repos[repo]!;
    if (then !== rules) throw refused(`repo ${repo} is on ${database} there, and here on ${rules}`);
  }
  const days = Math.floor((now.getTime() - new Date(facts.takenAt).getTime()) / 86_400_000);
  if (days > tooOld) throw refused(`it is ${days} days old, and tables grow`);
  return days > old ? { facts, oldDays: days } : { facts };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first wrong part of it. */
function wrongIn({ app, takenAt, repos }: { readonly [key: string]: unknown }): string | undefined {
  if (typeof app !== "string") return "app";
  if (typeof takenAt !== "string" || Number.isNaN(Date.parse(takenAt))) return "takenAt";
  if (!isObject(repos)) return "repos";
  for (const [repo, facts] of Object.entries(repos)) {
    const at = `repos.${repo}`;
    if (!isObject(facts)) return at;
    const { server, applied, database } = facts;
    if (typeof database !== "string") return `${at}.database`;
    if (!isObject(server) || typeof server.major !== "number") return `${at}.server`;
    if (!isListOf(applied, (one) => typeof one === "string")) return `${at}.applied`;
    for (const list of ["tables", "indexes", "publications", "subscriptions", "replicas"])
      if (!isListOf(facts[list], (one) => isObject(one) && typeof one.name === "string"))
        return `${at}.${list}`;
    const isPublished = (one: unknown) => isObject(one) && typeof one.table === "string";
    for (const one of facts.publications as readonly { readonly tables?: unknown }[])
      if (!isListOf(one.tables, isPublished)) return `${at}.publications`;
    const isFunction = (one: unknown) =>
      isObject(one) && typeof one.name === "string" && typeof one.volatility === "string";
    if (facts.functions !== undefined && !isListOf(facts.functions, isFunction))
      return `${at}.functions`;
    for (const { rows, bytes } of facts.tables as readonly { rows?: unknown; bytes?: unknown }[])
      if ([rows, bytes].some((one) => one !== undefined && typeof one !== "number"))
        return `${at}.tables`;
  }
  return undefined;
}

function isListOf(value: unknown, holds: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
