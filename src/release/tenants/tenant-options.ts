/** The options of a run over tenants. */
import type { ReleaseError } from "../../core/model/errors.ts";
import { count, flag, isName, type Kind, type KindsOf, object } from "../../core/model/kind.ts";
import { wrongOptions } from "../../core/model/wrong-options.ts";
import type { SchemaTenants } from "../../fleet/tenants-option.ts";

/** The options of `migrate` for tenants. */
export type TenantRunOptions = {
  /** Only these. Default: all. */
  readonly names?: readonly string[];
  /**
   * Leave the migrations of all alone; `step` and `to` are then about tenants. Default: `false`,
   * the migrations of all come first.
   */
  readonly only?: boolean;
  /** The number of connections. Default: 8, or half of what the server has free. */
  readonly concurrency?: number;
  /** Those that come first. When one fails, the others are not begun. Default: none. */
  readonly canary?: readonly string[];
  /** How many may fail, as `5` or `"1%"`, before no further tenant is begun. Default: any number. */
  readonly maxFailures?: number | string;
  /** Try those again that failed before. Default: `false`, they are left alone. */
  readonly retryQuarantined?: boolean;
};

const names: Kind = {
  words: "a list of names",
  holds: (value) => Array.isArray(value) && value.every(isName),
};

/** A share is at most all. */
const isBudget = /^(?:\d+|(?:100|\d{1,2}(?:\.\d+)?)%)$/;

const kinds = {
  names,
  only: flag,
  concurrency: count,
  canary: names,
  maxFailures: {
    words: "a number, or a share such as 1%",
    holds: (value) => isBudget.test(String(value)),
  },
  retryQuarantined: flag,
} as const satisfies KindsOf<TenantRunOptions>;

/** The kinds of value of a method's option `tenants`. */
export const tenantsOption: Kind = {
  words: "false or an object",
  holds: (value) => value === false || object.holds(value),
};

/** The kinds of value when rolling back. */
export const rolledBackTenants: Kind = {
  words: '"all" or a list of names',
  holds: (value) => value === "all" || names.holds(value),
};

/** All that is wrong with it. */
export function wrongTenants(given: unknown): readonly ReleaseError[] {
  if (!object.holds(given)) return [];
  return wrongOptions(given, { of: "tenants", kinds, path: "tenants." });
}

/** The kinds of value of a repo's option `tenants`. */
export const tenantsKind: Kind = {
  words:
    "a list of names, { schemas: async (db) => […] }, { files: async () => […] } or { databases: async () => ({ name: url }) }",
  holds: (value) => isNames(value) || isSchemas(value) || isPlaces(value),
};

function isPlaces(value: unknown): boolean {
  if (!object.holds(value)) return false;
  const [[kind, given] = [], ...unknown] = Object.entries(value as object);
  if (unknown.length > 0) return false;
  const isKnown = typeof given === "function" || object.holds(given);
  return (kind === "files" && (isKnown || isNames(given))) || (kind === "databases" && isKnown);
}

function isSchemas(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { schemas, searchPath, history, ...unknown } = value as Partial<SchemaTenants>;
  if (Object.keys(unknown).length > 0) return false;
  return (
    (typeof schemas === "function" || isNames(schemas)) &&
    (searchPath === undefined || isNames(searchPath)) &&
    (history === undefined || history === "central" || history === "per-tenant")
  );
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
