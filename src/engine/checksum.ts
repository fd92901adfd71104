/** Checksums of migrations, as the history keeps them. */
import { createHash } from "node:crypto";

/** 128 bits of SHA-256, as hex: enough to tell two texts apart, short enough to read for a thousand rows. */
export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
