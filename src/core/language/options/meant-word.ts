/** What somebody meant who wrote a word that there is not. */

/** Words of other tools, in small letters and without what stands between: what they are called here. */
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

/** The word among those that there are; `undefined` when none is near. */
export function meantWord(word: string, known: readonly string[]): string | undefined {
  const plain = plainly(word);
  const same = known.find((other) => plainly(other) === plain);
  if (same !== undefined) return same;
  const translated = Object.hasOwn(elsewhere, plain) ? elsewhere[plain] : undefined;
  if (translated !== undefined && known.includes(translated)) return translated;
  const near = known
    .map((other) => ({ other, away: distance(plain, plainly(other)) }))
    .filter(({ other, away }) => away <= (other.length > 5 ? 2 : 1))
    .toSorted((a, b) => a.away - b.away);
  return near[0]?.other;
}

function plainly(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Letters that are changed, put in, left out, or change places with their neighbour. */
export function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let least = Math.min(at(row, j - 1) + (isSame ? 0 : 1), at(row, j) + 1, at(next, j - 1) + 1);
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwapped) least = Math.min(least, at(before, j - 2) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return at(row, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
