/** Checksums of migrations, as the history keeps them. */
import { createHash } from "node:crypto";
import type { Meaning } from "../core/plan/planned.ts";

/** 128 bits of SHA-256, as hex: enough to tell two texts apart, short enough to read for a thousand rows. */
export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The checksum of what a migration means. */
export function meaningChecksum(meaning: Meaning): string {
  return typeof meaning === "string" ? checksum(meaning) : meaning.checksum;
}
