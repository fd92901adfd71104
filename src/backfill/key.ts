/** Keys in the ledger of backfills. */
import type { KeyText } from "../core/backfill/key.ts";

export type { KeyText } from "../core/backfill/key.ts";

/** A key in the form of the ledger. */
export function keyJson(key: KeyText): string {
  return JSON.stringify(key);
}

/** A key that the ledger kept. */
export function keyFromJson(json: unknown): KeyText | undefined {
  return typeof json === "string" ? (JSON.parse(json) as KeyText) : undefined;
}
