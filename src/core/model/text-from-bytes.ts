/** The bytes of a file → its text. */
import { ReleaseError } from "./errors.ts";

/**
 * Decodes UTF-8 and nothing else: a replacement for an unreadable character would reach the data.
 * A byte order mark stays, because checksums that stand in histories were taken with it.
 *
 * @throws {ReleaseError} `not_utf8`
 */
export function textFromBytes(bytes: Uint8Array, origin: string): string {
  const [first = 1, second = 1] = bytes;
  const mark = (first << 8) | second;
  if (first === 0 || second === 0 || mark === 0xfeff || mark === 0xfffe) {
    throw new ReleaseError("not_utf8", { origin, line: 1, column: 1, found: "it is UTF-16" });
  }
  const text = decoded(bytes, { isWhole: true });
  if (text !== undefined) return text;
  const before = decoded(bytes.subarray(0, lengthOfReadable(bytes))) ?? "";
  const lines = before.split("\n");
  const byte = bytes[new TextEncoder().encode(before).length] ?? 0;
  throw new ReleaseError("not_utf8", {
    origin,
    line: lines.length,
    column: [...lines.at(-1)!].length + 1,
    found: `the byte 0x${byte.toString(16).padStart(2, "0")} is no part of a character`,
  });
}

/** `undefined` when it cannot be read. A character that the end cuts off is left out, unless that is the end of all. */
function decoded(bytes: Uint8Array, { isWhole = false } = {}): string | undefined {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes, { stream: !isWhole });
  } catch {
    return undefined;
  }
}

/** By halves, for a line may be megabytes long. */
function lengthOfReadable(bytes: Uint8Array): number {
  let readable = 0;
  let unreadable = bytes.length + 1;
  while (unreadable - readable > 1) {
    const middle = (readable + unreadable) >> 1;
    if (decoded(bytes.subarray(0, middle)) === undefined) unreadable = middle;
    else readable = middle;
  }
  return readable;
}
