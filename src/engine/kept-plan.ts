/**
 * A plan as a column keeps it: JSON, and above a small size JSON with the same in it as gzip. Compression is loaded where
 * a plan is long, because most runs need none.
 */
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";

/** In characters; what is shorter stays readable. */
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
  const json = JSON.stringify(plan);
  if (json.length <= longest || zlib === undefined) return json;
  const packed: PackedPlan = { format: 2, gzip: zlib.gzipSync(json).toString("base64") };
  const text = JSON.stringify(packed);
  return text.length < json.length ? text : json;
}

/** What such a text says; `undefined` when it is of a shape that this Slipway does not know. */
export async function planOfText(text: string): Promise<StoredPlan | undefined> {
  const { parseStoredPlan } = await import("../core/plan/known-plan.ts");
  const packed = packedIn(text);
  if (packed === undefined) return parseStoredPlan(text);
  try {
    zlib ??= await import("node:zlib");
    return parseStoredPlan(zlib.gunzipSync(Buffer.from(packed, "base64")).toString());
  } catch {
    // What cannot be unpacked is of no known shape either.
    return undefined;
  }
}

/** A Slipway before it takes the number for a shape that it does not know. */
type PackedPlan = { readonly format: 2; readonly gzip: string };

function packedIn(text: string): string | undefined {
  // MySQL, PostgreSQL and we write the two keys in one order, with or without blanks.
  const [, gzip] =
    /^\s*\{\s*"(?:format"\s*:\s*2\s*,\s*")?gzip"\s*:\s*"([\w+/=]+)"/.exec(text) ?? [];
  return gzip;
}

function isLong({ up, down }: StoredPlan): boolean {
  const ways = "refused" in down ? [up] : [up, down];
  let length = 0;
  for (const { actions } of ways)
    for (const action of actions)
      if ("statements" in action)
        for (const { sql, stdin = "" } of action.statements) length += sql.length + stdin.length;
  return length > longest / 4;
}
