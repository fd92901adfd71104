/** A method that a builder has not, as JavaScript or another tool's habits write it. */
import { InvalidOperation } from "../defaults.ts";
import { meantWord } from "./meant-word.ts";

/**
 * Methods of other tools, in small letters, with ours for the same purpose: the first one that the builder has counts.
 */
const elsewhere: { readonly [method: string]: readonly string[] } = {
  add: ["column"],
  addcolumn: ["add", "column", "alterTable"],
  column: ["add"],
  addindex: ["createIndex"],
  index: ["createIndex"],
  drop: ["remove", "dropTable"],
  dropcolumn: ["remove", "alterTable"],
  removecolumn: ["remove", "alterTable"],
  alter: ["modify", "alterTable"],
  altercolumn: ["modify", "alterTable"],
  changecolumn: ["modify", "alterTable"],
  increments: ["id"],
  bigincrements: ["id"],
  query: ["execute"],
  raw: ["execute"],
  sql: ["execute"],
};

/** Other tools have a method for each type. */
const types =
  /^(string|text|(big)?int(eger)?|bool(ean)?|uuid|jsonb?|date(time)?|timestamp|decimal|float)$/;

/** Methods that are there for Slipway and not for migrations. */
const inner = ["constructor", "build", "define", "nested", "record", "safely"];

/**
 * The error of a call of a method that is not there, with the one that is meant; any other as it
 * is.
 *
 * @param asked - the missing members that the migration asked the builder for
 */
export function withMeantMethod(
  error: unknown,
  builder: object,
  asked: ReadonlySet<string>,
): unknown {
  if (!(error instanceof TypeError)) return error;
  const [reason, owner, method = ""] =
    /^([\w$.]+)\.([\w$]+) is not a function/.exec(error.message) ?? [];
  if (reason === undefined || !asked.has(method)) return error;
  const meant = meantMethod(method, methodsOf(builder));
  if (meant === undefined) return error;
  const refused = new InvalidOperation(reason, { hint: `Did you mean ${owner}.${meant}?` });
  // The line of the migration is read from it.
  if (error.stack !== undefined) refused.stack = error.stack;
  return refused;
}

function meantMethod(method: string, known: readonly string[]): string | undefined {
  const plain = method.toLowerCase();
  const others = Object.hasOwn(elsewhere, plain) ? elsewhere[plain] : undefined;
  const translated = others ?? (types.test(plain) ? ["add", "column"] : []);
  return translated.find((other) => known.includes(other)) ?? meantWord(method, known);
}

/** The names of its methods, also of those that its class extends. */
function methodsOf(builder: object): readonly string[] {
  const above: object | null = Object.getPrototypeOf(builder);
  if (above === null || above === Object.prototype) return [];
  const names = Object.getOwnPropertyNames(above).filter((name) => !inner.includes(name));
  return [...names, ...methodsOf(above)];
}
