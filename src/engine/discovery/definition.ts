/** Makes a checked definition of the exports of a module. */
import { isBackfillDefinition, wrongInBackfill } from "../../core/backfill/check.ts";
import type { BackfillDefinition } from "../../core/language/backfill-definition.ts";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import { shownValue } from "../../core/language/values.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import { lockPolicyKinds, type SettingKind } from "../../core/model/lock-policy.ts";
import { type MigrationSettings, versionFromInput } from "../../core/model/migration.ts";
import { isSemver } from "../../core/model/semver.ts";

/** The check of each setting, with the words and the example that a refusal shows. */
const settings: {
  readonly [Name in keyof Required<MigrationSettings>]: {
    readonly words: string;
    readonly example: string;
    readonly holds: (value: unknown) => boolean;
  };
} = {
  transaction: {
    words: "a boolean",
    example: "transaction: false",
    holds: (value) => typeof value === "boolean",
  },
  policy: {
    words: "an object",
    example: "policy: { lockTimeoutMs: 500 }",
    holds: isObject,
  },
  phase: {
    words: "before or after",
    example: 'phase: "after"',
    holds: (value) => value === "before" || value === "after",
  },
  requires: {
    words: "the version of a data migration, or of a migration",
    example: "requires: { data: 20210811035222 }, or { migration: 20210718153339 }",
    holds: (value) =>
      isObject(value) &&
      Object.keys(value).length > 0 &&
      Object.entries(value).every(
        ([key, one]) =>
          (key === "data" || key === "migration") && versionFromInput(one) !== undefined,
      ),
  },
  compatibleFrom: {
    words: "a version of the app",
    example: 'compatibleFrom: "2.4.0"',
    holds: (value) => typeof value === "string" && isSemver(value),
  },
  safe: {
    words: "reasons by the names of rules",
    example: 'safe: { "drop-column": "no code reads it since 2.4" }',
    holds: (value) =>
      isObject(value) &&
      Object.values(value).every((reason) => typeof reason === "string" && reason.trim() !== ""),
  },
  repeatable: {
    words: "a boolean",
    example: "repeatable: true",
    holds: (value) => typeof value === "boolean",
  },
  depends: {
    words: "a list of names",
    example: 'depends: ["R__people"]',
    holds: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  },
};

const bodies = ["change", "up", "down"] as const satisfies readonly (keyof MigrationDefinition)[];
const functions: readonly string[] = [...bodies, "afterBegin", "beforeCommit"];
const known: readonly string[] = [...functions, ...Object.keys(settings)];
/** The names that Node and compilers add to the exports of a CommonJS module. */
const added: readonly string[] = ["default", "__esModule", "module.exports"];

/**
 * Takes a definition as it is, from the default export of a module, or from exports of its names.
 * Both `change` and `up` or `down` may be there: `up` and `down` win.
 *
 * @throws {ReleaseError} `not_a_migration`, `migration_invalid`
 */
export function definitionFrom(exported: unknown, origin: string): MigrationDefinition {
  const definition = unwrap(exported);
  if (definition === undefined) throw new ReleaseError("not_a_migration", { origin });
  if (isBackfillDefinition(definition)) return { backfill: checked(definition, origin) };
  const invalid = (reason: string, hint: string) =>
    new ReleaseError("migration_invalid", { origin, reason, hint });

  const keys = Object.keys(definition).filter((key) => definition[key] !== undefined);
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw invalid(`a migration has no ${unknown.join(", ")}`, `Use ${known.join(", ")}.`);
  }
  if (!bodies.some((body) => keys.includes(body))) {
    throw invalid("it has neither change nor up nor down", "Add change(m) { … } to it.");
  }
  const wrong = keys.find((key) => !holds(key, definition[key]));
  if (wrong !== undefined) {
    const { words, example } = kindOf(wrong);
    throw invalid(`${wrong} is not ${words}`, `Write ${example}.`);
  }
  const [bad] = wrongPolicy(definition.policy);
  if (bad !== undefined) throw invalid(bad, `Use ${Object.keys(lockPolicyKinds).join(", ")}.`);
  return definition;
}

function kindOf(key: string) {
  const setting = Object.hasOwn(settings, key) ? settings[key as keyof typeof settings] : undefined;
  return (
    setting ?? {
      words: "a function",
      example: `${key}(m) { … }`,
      holds: (value: unknown) => typeof value === "function",
    }
  );
}

function holds(key: string, value: unknown): boolean {
  return kindOf(key).holds(value);
}

/** The mistakes in a policy, in words. */
function wrongPolicy(policy: unknown): readonly string[] {
  if (!isObject(policy)) return [];
  const kinds: { readonly [setting: string]: SettingKind } = lockPolicyKinds;
  return Object.entries(policy).flatMap(([setting, value]) => {
    const kind = Object.hasOwn(kinds, setting) ? kinds[setting] : undefined;
    if (kind === undefined) return [`policy has no ${setting}`];
    if (value === undefined || kind.holds(value)) return [];
    return [
      `policy.${setting} is ${jsonOf(value) ?? shownValue(value)}, which is not ${kind.words}`,
    ];
  });
}

/** @throws {ReleaseError} `migration_invalid`, one for everything that is wrong */
function checked(definition: BackfillDefinition, origin: string): BackfillDefinition {
  const errors = wrongInBackfill(definition).map(
    (wrong) => new ReleaseError("migration_invalid", { origin, ...wrong }),
  );
  refuse(errors);
  return definition;
}

type Exports = { readonly [key: string]: unknown };

function unwrap(exported: unknown): Exports | undefined {
  if (!isObject(exported)) return undefined;
  if (isObject(exported.default)) {
    // A CommonJS module that a compiler made of `export default` is wrapped twice.
    return exported.default.__esModule === true ? unwrap(exported.default) : exported.default;
  }
  if (Object.keys(exported).some((key) => bodies.some((body) => body === key))) {
    return Object.fromEntries(Object.entries(exported).filter(([key]) => !added.includes(key)));
  }
  return isNamespace(exported) || "default" in exported ? undefined : exported;
}

function isObject(value: unknown): value is Exports {
  return typeof value === "object" && value !== null;
}

function isNamespace(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Module]";
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
