/**
 * Reads the settings in the first comment lines of an SQL file: `-- slipway: transaction=false`.
 */
import { lockPolicyKinds, type SettingKind } from "../model/lock-policy.ts";
import { inputFromDigits, type MigrationSettings, versionFromInput } from "../model/migration.ts";
import { isSemver } from "../model/semver.ts";
import { InvalidSql, lineAt } from "./invalid-sql.ts";
import { safeAnswer } from "./safe-answer.ts";
import { placeStatements } from "./statements.ts";
import type { SqlSyntax, Token } from "./token.ts";

/** One `name=value`. */
type Setting = {
  /** How it is written, for people. */
  readonly form: string;
  /** `undefined` for a value that means nothing. */
  readonly read: (value: string) => MigrationSettings | undefined;
  /** The expected value, where the form does not show it. */
  readonly expected?: string;
};

/**
 * Every setting that there is. dbmate writes `:` instead of `=`, and Slipway understands that too.
 */
const settings: { readonly [name: string]: Setting } = /* @__PURE__ */ (() => ({
  transaction: {
    form: "transaction=false",
    read: (value) => (/^(true|false)$/.test(value) ? { transaction: value === "true" } : undefined),
  },
  phase: {
    form: "phase=after",
    read: (value) => (value === "before" || value === "after" ? { phase: value } : undefined),
  },
  "requires-data": {
    form: "requires-data=20210811035222",
    read(value) {
      const data = /^\d{1,19}$/.test(value) ? inputFromDigits(value) : undefined;
      return data === undefined || versionFromInput(data) === undefined
        ? undefined
        : { requires: { data } };
    },
  },
  requires: {
    form: "requires=20210718153339",
    read(value) {
      const migration = /^\d{1,19}$/.test(value) ? inputFromDigits(value) : undefined;
      return migration === undefined || versionFromInput(migration) === undefined
        ? undefined
        : { requires: { migration } };
    },
  },
  repeatable: {
    form: "repeatable=true",
    read: (value) => (/^(true|false)$/.test(value) ? { repeatable: value === "true" } : undefined),
  },
  depends: {
    form: "depends=R__people",
    read: (value) => (value === "" ? undefined : { depends: [value] }),
  },
  "compatible-from": {
    form: "compatible-from=2.4.0",
    read: (value) => (isSemver(value) ? { compatibleFrom: value } : undefined),
  },
  ...Object.fromEntries(
    Object.entries(lockPolicyKinds).map(([key, kind]) => [flagName(key), policySetting(key, kind)]),
  ),
}))();

/**
 * Reads the settings in the comments before the first statement. `-- slipway: safe RULE "reason"` may stand
 * anywhere; postgres-migrations' `disable-transaction` is understood.
 *
 * @throws {InvalidSql} for a setting that is unknown, or that stands where it would not be read
 */
export function settingsIn(
  text: string,
  comments: readonly Token[],
  syntax: SqlSyntax,
): MigrationSettings {
  const head = placeStatements(text, syntax)[0]?.start ?? text.length;
  let found: MigrationSettings = {};
  for (const comment of comments) {
    if (
      /^--\s*postgres-migrations\s+disable-transaction\s*$/.test(comment.text) &&
      comment.start < head
    ) {
      found = { ...found, transaction: false };
    }
    const [, line] = /^--\s*slipway:\s*(.*?)\s*$/.exec(comment.text) ?? [];
    const answer = safeAnswer(text, comment);
    if (answer !== undefined) {
      found = joinSettings([found, { safe: { [answer.rule]: answer.reason } }]);
      continue;
    }
    if (line === undefined) continue;
    if (comment.start > head) {
      throw new InvalidSql(`"${comment.text.trim()}" stands behind the first statement`, {
        line: lineAt(text, comment.start),
        hint: "Move it into the first line of the file.",
      });
    }
    found = joinSettings([found, settingWords(text, comment, line)]);
  }
  return found;
}

/** Words such as `transaction=false phase=after`, with spaces or commas between. */
export function settingWords(text: string, comment: Token, words: string): MigrationSettings {
  const found = words.split(/[\s,]+/).filter((word) => word !== "");
  return joinSettings(found.map((word) => setting(text, comment, word)));
}

/** All that several places say, such as the two files of a pair; one `transaction=false` is for the whole. */
export function joinSettings(said: readonly MigrationSettings[]): MigrationSettings {
  const joined: MigrationSettings = Object.assign({}, ...said);
  const policies = said.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const depends = said.flatMap((one) => one.depends ?? []);
  const answers = said.flatMap(({ safe }) => (safe === undefined ? [] : [safe]));
  const requires = Object.assign({}, ...said.map((one) => one.requires));
  return {
    ...joined,
    ...(Object.keys(requires).length === 0 ? {} : { requires }),
    ...(said.some((one) => one.transaction === false) ? { transaction: false } : {}),
    ...(policies.length === 0 ? {} : { policy: Object.assign({}, ...policies) }),
    ...(depends.length === 0 ? {} : { depends }),
    ...(answers.length === 0 ? {} : { safe: Object.assign({}, ...answers) }),
  };
}

/** How a setting of the lock policy is called outside of TypeScript: `lockTimeoutMs` is `lock-timeout`. */
function flagName(key: string): string {
  return key.replace(/Ms$/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function policySetting(key: string, { words, example, holds }: SettingKind): Setting {
  return {
    form: `${flagName(key)}=${example}`,
    expected: words,
    read: (text) => {
      const value = /^\d+$/.test(text) ? Number(text) : text;
      return holds(value) ? { policy: { [key]: value } } : undefined;
    },
  };
}

function setting(text: string, comment: Token, word: string): MigrationSettings {
  const [, name = "", value = ""] = /^([^=:]+)[=:](.*)$/.exec(word) ?? [];
  const known = Object.hasOwn(settings, name) ? settings[name] : undefined;
  const read = known?.read(value);
  if (read !== undefined) return read;
  const forms = Object.values(settings).map((one) => one.form);
  throw new InvalidSql(known === undefined ? `unknown setting ${word}` : `${word} means nothing`, {
    line: lineAt(text, comment.start),
    hint:
      known === undefined
        ? `Use ${forms.join(", ")} or safe RULE "reason".`
        : `Write it like ${known.form}${known.expected === undefined ? "" : `: ${known.expected}`}.`,
  });
}
