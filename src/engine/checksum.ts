/** Checksums of migrations, as the history keeps them. */
import * as crypto from "node:crypto";
import type { Meaning } from "../core/plan/planned.ts";

/** 128 bits of SHA-256, as hex: enough to tell two texts apart, short enough to read for a thousand rows. */
export function checksum(text: string): string {
  return sha256(text).slice(0, 32);
}

function sha256(text: string): string {
  // Not every runtime has it; where it is there, no object is made for one short text.
  const { hash }: { readonly hash?: typeof crypto.hash } = crypto;
  if (hash !== undefined && text.length <= longestPiece) return hash("sha256", text);
  const pieces = crypto.createHash("sha256");
  for (const piece of piecesOf(text)) pieces.update(piece);
  return pieces.digest("hex");
}

/** In characters; a piece that is read at once is copied as bytes. */
const longestPiece = 1_000_000;

/** A character of two units stays in one. */
function* piecesOf(text: string): Generator<string, void, undefined> {
  for (let from = 0; from < text.length || from === 0; ) {
    const to = from + longestPiece;
    const end = isFirstHalf(text.charCodeAt(to - 1)) ? to - 1 : to;
    yield text.slice(from, end);
    from = end;
  }
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The checksum of a migration's meaning. */
export function meaningChecksum(meaning: Meaning): string {
  return typeof meaning === "string" ? checksum(meaning) : meaning.checksum;
}
