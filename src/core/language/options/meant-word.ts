/** Guesses the word that somebody meant by an unknown one. */
import { nearWords } from "../../model/near-words.ts";

/** Words of other tools, in small letters and without separators, with our words for them. */
const elsewhere: { readonly [word: string]: string } = {
  allownull: "null",
  notnull: "null",
  nullable: "null",
  defaultvalue: "default",
  defaultto: "default",
  length: "size",
  limit: "size",
  maxlength: "size",
  nilifyall: "set null",
  nullify: "set null",
  deleteall: "cascade",
  defaultall: "set default",
  nothing: "no action",
  concurrent: "concurrently",
  algorithm: "concurrently",
  method: "using",
  type: "using",
  opclass: "operatorClass",
  schema: "prefix",
  querycontext: "prefix",
  predicate: "where",
  expr: "expression",
  key: "primaryKey",
  primary: "primaryKey",
  createdat: "insertedAt",
  deferrability: "deferrable",
  collate: "collation",
  isunique: "unique",
  start: "startValue",
  incrementby: "increment",
};

/** Gives the nearest of the known words; `undefined` when none is near. */
export function meantWord(word: string, known: readonly string[]): string | undefined {
  const plain = plainly(word);
  const same = known.find((other) => plainly(other) === plain);
  if (same !== undefined) return same;
  const translated = Object.hasOwn(elsewhere, plain) ? elsewhere[plain] : undefined;
  if (translated !== undefined && known.includes(translated)) return translated;
  return nearWords(word, known)[0];
}

function plainly(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}
