/** Checks the arguments of an operation from JavaScript: it would pass over an unknown option in silence. */
import type { Fragment } from "../../model/fragment.ts";
import { InvalidOperation } from "../defaults.ts";
import { shownValue } from "../values.ts";
import { meantWord } from "./meant-word.ts";
import { withMeantMethod } from "./missing-method.ts";

/**
 * A demand on a value: words for people with a test, a list of words, or an object with options.
 */
export type Check =
  | { readonly must: string; readonly holds: (value: unknown) => boolean }
  | { readonly oneOf: readonly string[] }
  | { readonly options: OptionChecks };

/** The checks of all options, by name. */
export type OptionChecks = { readonly [option: string]: Check };

/** The checks of an object type, or of a union of them. None may be forgotten. */
export type ChecksOf<Options> = {
  readonly [Option in Options extends unknown ? keyof Options : never]-?: Check;
};

/** By the position of an argument: the options that it takes. */
type PositionsOf<Arguments> = {
  readonly [At in keyof Arguments as At extends `${number}`
    ? [OptionsIn<Arguments[At]>] extends [never]
      ? never
      : At
    : never]: ChecksOf<OptionsIn<Arguments[At]>>;
};

/** The objects with options among what an argument may be, also those in a list. */
type OptionsIn<Value> = unknown extends Value
  ? never
  : Value extends
        | string
        | number
        | bigint
        | boolean
        | null
        | undefined
        | Fragment
        | ((...given: never[]) => unknown)
        | { compile(): unknown }
    ? never
    : Value extends readonly (infer Item)[]
      ? OptionsIn<Item>
      : string extends keyof Value
        ? never
        : Value;

type ArgumentsOf<Method> = Method extends (...given: infer Arguments) => void
  ? PositionsOf<Required<Arguments>>
  : never;

/** The options of each method of a builder, by position. */
export type MethodChecks<Builder> = {
  readonly [Method in keyof Builder as Builder[Method] extends (...given: never[]) => void
    ? [keyof ArgumentsOf<Builder[Method]>] extends [never]
      ? never
      : Method
    : never]: ArgumentsOf<Builder[Method]>;
};

/** A new name that is given as it is, not as `{ to }`. */
function refuseBareName(
  method: string | symbol,
  positions: Readonly<Record<string, OptionChecks>>,
  given: readonly unknown[],
): void {
  for (const [at, checks] of Object.entries(positions)) {
    const value = given[Number(at)];
    if (typeof value !== "string" || !Object.hasOwn(checks, "to")) continue;
    const before = given.slice(0, Number(at)).map((one) => JSON.stringify(one));
    const call = [...before, `{ to: ${JSON.stringify(value)} }`].join(", ");
    throw new InvalidOperation(
      `${String(method)} takes the new name as an option: got ${JSON.stringify(value)}`,
      { hint: `Write it as ${String(method)}(${call}).` },
    );
  }
}

/**
 * Calls `describe` with a builder that refuses methods and options that are not there, and values of the wrong kind.
 *
 * @throws {InvalidOperation} from the call, so that its line is known
 */
export function describeWith<Builder extends object>(
  builder: Builder,
  methods: MethodChecks<Builder>,
  describe: (builder: Builder) => unknown,
): unknown {
  const asked = new Set<string>();
  try {
    return describe(withCheckedOptions(builder, methods, asked));
  } catch (error) {
    throw withMeantMethod(error, builder, asked);
  }
}

/** The same builder; `asked` receives the names of members that it lacks. */
function withCheckedOptions<Builder extends object>(
  builder: Builder,
  methods: MethodChecks<Builder>,
  asked: Set<string>,
): Builder {
  return new Proxy(builder, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (value === undefined && typeof name === "string") asked.add(name);
      if (typeof value !== "function") return value;
      const positions: Readonly<Record<string, OptionChecks>> = Object.hasOwn(methods, name)
        ? (methods as never)[name]
        : {};
      return (...given: readonly unknown[]) => {
        refuseBareName(name, positions, given);
        for (const [at, checks] of Object.entries(positions))
          for (const one of [given[Number(at)]].flat()) refuseWrong(one, checks, String(name));
        return value.apply(target, given);
      };
    },
  });
}

function refuseWrong(given: unknown, checks: OptionChecks, owner: string): void {
  if (typeof given !== "object" || given === null || isFragment(given)) return;
  for (const [option, value] of Object.entries(given)) {
    const check = Object.hasOwn(checks, option) ? checks[option] : undefined;
    if (check === undefined) throw unknownOption(option, Object.keys(checks), owner);
    if (value === undefined) continue;
    if ("options" in check) {
      for (const one of [value].flat()) refuseWrong(one, check.options, `${option} of ${owner}`);
    } else if ("oneOf" in check) refuseOther(value, check.oneOf, `${option} of ${owner}`);
    else if (!check.holds(value)) {
      throw new InvalidOperation(`${option} of ${owner} is ${valueForPeople(value)}`, {
        hint: `Give ${check.must}.`,
      });
    }
  }
}

function unknownOption(option: string, known: readonly string[], owner: string): InvalidOperation {
  const meant = meantWord(option, known);
  return new InvalidOperation(`${owner} has no option ${option}`, {
    hint: meant === undefined ? `It has ${known.join(", ")}.` : `Did you mean ${meant}?`,
  });
}

function refuseOther(value: unknown, words: readonly string[], owner: string): void {
  // An action can be an object with columns: { setNull: ["a"] }.
  if (typeof value === "object" && value !== null && words.includes("set null")) return;
  if (typeof value === "string" && words.includes(value)) return;
  const meant = typeof value === "string" ? meantWord(value, words) : undefined;
  throw new InvalidOperation(`${owner} is ${valueForPeople(value)}`, {
    hint:
      meant === undefined
        ? `Give ${words.map((word) => `"${word}"`).join(", ")}.`
        : `Did you mean "${meant}"?`,
  });
}

function valueForPeople(value: unknown): string {
  return typeof value === "string" || typeof value === "boolean" || value === null
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? "a list"
      : shownValue(value);
}

function isFragment(value: object): boolean {
  return "kind" in value && value.kind === "fragment";
}
