/**
 * A plan as a column keeps it: JSON, and above a small size JSON with the same in it as gzip. Compression is loaded where
 * a plan is long, because most runs need none.
 */
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";

/** In characters; a shorter text stays readable. */
const longest = 1_000;

let zlib: typeof import("node:zlib") | undefined;

/** To be awaited before `planText`, which else keeps these plans as plain JSON. */
export async function loadCompression(
  steps: readonly { readonly kept?: { readonly plan: StoredPlan } | undefined }[],
): Promise<void> {
  if (zlib !== undefined || !steps.some(({ kept }) => kept && isLong(kept.plan))) return;
  zlib = await import("node:zlib");
}

/** The text of a column for plans. */
export function planText(plan: StoredPlan): string {
  if (zlib !== undefined && lengthOf(plan) > longestPiece) return packedInPieces(plan, zlib);
  const json = JSON.stringify(plan);
  if (json.length <= longest || zlib === undefined) return json;
  const text = packedText(zlib.gzipSync(json));
  return text.length < json.length ? text : json;
}

/** Of a file of a hundred megabytes, JSON in one piece would be that again, and twice more on its way to gzip. */
const longestPiece = 1_000_000;

/** Members of gzip, one behind the other, are one: https://www.rfc-editor.org/rfc/rfc1952#section-2.2 */
function packedInPieces(plan: StoredPlan, { gzipSync }: typeof import("node:zlib")): string {
  const members: Buffer[] = [];
  let piece = "";
  for (const part of jsonParts(plan)) {
    piece += part;
    if (piece.length < longestPiece) continue;
    members.push(gzipSync(piece));
    piece = "";
  }
  members.push(gzipSync(piece));
  return packedText(Buffer.concat(members));
}

/** The text of `JSON.stringify`, in parts. */
function* jsonParts(value: unknown): Generator<string, void, undefined> {
  if (Array.isArray(value)) {
    yield "[";
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ",";
      yield* jsonParts(item ?? null);
    }
    yield "]";
  } else if (isPlain(value)) {
    yield "{";
    let before = "";
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonParts(item);
      before = ",";
    }
    yield "}";
  } else yield JSON.stringify(value);
}

/** A date, for one, says itself how it is written. */
function isPlain(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** A Slipway of before takes the number for a shape that it does not know. */
function packedText(gzip: Buffer): string {
  return `{"format":2,"gzip":"${gzip.toString("base64")}"}`;
}

/** The plan in such a text; `undefined` when it is of a shape that this Slipway does not know. */
export async function planOfText(text: string): Promise<StoredPlan | undefined> {
  const { parseStoredPlan } = await import("../core/plan/known-plan.ts");
  const packed = packedIn(text);
  if (packed === undefined) return parseStoredPlan(text);
  try {
    zlib ??= await import("node:zlib");
    return parseStoredPlan(zlib.gunzipSync(Buffer.from(packed, "base64")).toString());
  } catch {
    // A text that cannot be unpacked is of no known shape either.
    return undefined;
  }
}

function packedIn(text: string): string | undefined {
  // MySQL, PostgreSQL and we write the two keys in one order, with or without blanks.
  const [, gzip] =
    /^\s*\{\s*"(?:format"\s*:\s*2\s*,\s*")?gzip"\s*:\s*"([\w+/=]+)"/.exec(text) ?? [];
  return gzip;
}

function isLong(plan: StoredPlan): boolean {
  return lengthOf(plan) > longest / 4;
}

/** Of its SQL, in characters. */
function lengthOf({ up, down }: StoredPlan): number {
  const ways = "refused" in down ? [up] : [up, down];
  let length = 0;
  for (const { actions } of ways)
    for (const action of actions)
      if ("statements" in action)
        for (const { sql, stdin = "" } of action.statements) length += sql.length + stdin.length;
  return length;
}
