/** Ranges of keys: cut at keys that are there, where the rows are as far as that is known. */

import type { Session } from "../adapters/adapter.ts";
import { plain } from "../core/model/statement.ts";
import type { KeyText } from "./key.ts";

import type { BackfillTarget } from "./target.ts";

/** Behind `lo`, up to `hi`. Without a `lo`: from the first key on. */
export type Range = { readonly lo: KeyText | undefined; readonly hi: KeyText };

/**
 * The start cuts at most this many ranges: each ends with a batch that is short. An idle worker
 * splits further.
 */
const mostRanges = 16;
/**
 * The ranges of an `effect`, which waits for few rows one by one: nobody can split a leased range.
 */
const effectRanges = 64;
/** A table with fewer rows is one range, unless an `effect` waits for its rows one by one. */
const fewRows = 20_000;

/**
 * Cuts what there is now into ranges of about the same number of rows; none of an empty table.
 * The last key is where the backfill ends: what comes later is the application's to write right.
 */
export async function cutRanges(
  session: Session,
  target: BackfillTarget,
): Promise<readonly Range[]> {
  const last = await endKey(session, target, "DESC");
  if (last === undefined) return [];
  const cuts = await cutsOf(session, target, last);
  const bounds = distinct([...cuts, last]);
  return bounds.map((hi, i) => ({ lo: bounds[i - 1], hi }));
}

async function cutsOf(
  session: Session,
  target: BackfillTarget,
  last: KeyText,
): Promise<readonly KeyText[]> {
  const isFew = (target.facts.estimate ?? 0) < fewRows;
  if (isFew && target.backfill.mode.kind === "effect") return evenKeys(session, target);
  return session.dialect.backfill.statistics === undefined
    ? cutsWithoutStatistics(session, target, last)
    : realKeys(session, target, await guesses(session, target));
}

/** The last key or the first, or a number of keys behind it. */
async function endKey(
  session: Session,
  { source, key }: BackfillTarget,
  direction: "ASC" | "DESC",
  behind = 0,
): Promise<KeyText | undefined> {
  const { dialect } = session;
  const order = key.columns.map((_, i) => `${key.column(i)} ${direction}`).join(", ");
  const [row] = await session.query(
    `SELECT ${key.texts} FROM ${dialect.quoteNamed(source)} ORDER BY ${order} LIMIT 1 OFFSET ${behind}`,
  );
  return row === undefined ? undefined : key.read(row);
}

/**
 * Whole numbers are parted evenly between the first and the last; where the rows are not, idle workers split. Of other
 * keys nothing is known but their order: one cut behind the first rows lets two workers start.
 */
async function cutsWithoutStatistics(
  session: Session,
  target: BackfillTarget,
  last: KeyText,
): Promise<readonly KeyText[]> {
  const later = await endKey(session, target, "ASC", fewRows - 1);
  if (later === undefined) return [];
  if (target.key.columns[0]?.bare !== true) return [later];
  const [lo, hi] = [await endKey(session, target, "ASC"), last].map((key) => whole(key?.[0]));
  if (lo === undefined || hi === undefined) return [later];
  const values = Array.from(
    { length: mostRanges - 1 },
    (_, i) => lo + ((hi - lo) * BigInt(i + 1)) / BigInt(mostRanges),
  );
  return realKeys(session, target, [...new Set(values.map(String))]);
}

function whole(text = ""): bigint | undefined {
  const [digits = ""] = text.split(".");
  return /^-?\d+$/.test(digits) ? BigInt(digits) : undefined;
}

/** Values of the first column of the key that part the rows evenly, from the statistics of the server. */
async function guesses(session: Session, target: BackfillTarget): Promise<readonly string[]> {
  const { source, facts, key } = target;
  const { statistics } = session.dialect.backfill;
  if (statistics === undefined || (facts.estimate ?? 0) < fewRows) return [];
  const rows = await session.query(statistics.bounds(source, key.columns[0]?.name ?? ""));
  const bounds = rows.map((row) => String(row.bound)).slice(1, -1);
  const step = Math.max(1, Math.ceil(bounds.length / (mostRanges - 1)));
  return bounds.filter((_, i) => i % step === step - 1);
}

/** The first whole key at each of the values, in order: a table that others inherit from has two lists of values. */
async function realKeys(
  session: Session,
  { source, key }: BackfillTarget,
  values: readonly string[],
): Promise<readonly KeyText[]> {
  if (values.length === 0) return [];
  const { dialect } = session;
  const from = dialect.quoteNamed(source);
  const probes = values.map(
    (value) =>
      `SELECT * FROM (SELECT ${key.list} FROM ${from} WHERE ${key.column(0)} ${key.sign(">=", 0)} ${key.literal(0, value)} ORDER BY ${key.list} LIMIT 1) AS probe`,
  );
  const found = `SELECT ${key.texts} FROM (${probes.join(" UNION ALL ")}) AS found`;
  const rows = await session.query(`${found} ORDER BY ${key.list}`);
  return rows.map((row) => key.read(row));
}

/** Keys that part the rows evenly, for an effect. */
async function evenKeys(
  session: Session,
  { source, key }: BackfillTarget,
): Promise<readonly KeyText[]> {
  const { dialect } = session;
  const { builtin, operator } = dialect;
  const counted = `SELECT ${key.list}, ${builtin("row_number")}() OVER (ORDER BY ${key.list}) AS slipway_n, ${builtin("count")}(*) OVER () AS slipway_all FROM ${dialect.quoteNamed(source)}`;
  const rows = await session.query(
    `SELECT ${key.texts} FROM (${counted}) AS counted WHERE slipway_n ${operator("*")} ${effectRanges} ${operator("%")} slipway_all ${operator("<")} ${effectRanges} ORDER BY ${key.list}`,
  );
  return rows.map((row) => key.read(row));
}

/** In order already: equal neighbours are made one. */
function distinct(keys: readonly KeyText[]): readonly KeyText[] {
  return keys.filter((key, i) => JSON.stringify(key) !== JSON.stringify(keys[i + 1]));
}

/**
 * Statistics for a table that has none: without them plans are guesses, and so are ranges. Not when that would have to
 * wait, for a vacuum of the table above all: the migration lock is held.
 */
export async function analyze(session: Session, { source, facts }: BackfillTarget): Promise<void> {
  const { statistics } = session.dialect.backfill;
  if (statistics === undefined || (facts.estimate ?? 0) > 0) return;
  await session.execute([plain(statistics.gather(source))]);
}
