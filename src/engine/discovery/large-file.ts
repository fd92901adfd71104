/** SQL files that are too large to be read as a whole. */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import type { RunsFile } from "../../core/language/operation.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { textFromBytes } from "../../core/model/text-from-bytes.ts";
import { onlyStarts, saysAnything } from "../../core/sql/marker-styles.ts";

/** In bytes: a file up to this size is read, judged and kept as a whole. */
export const largeFrom = 8_000_000;
const pieceBytes = 250_000;

export function isLarge(path: string): boolean {
  return statSync(path).size > largeFrom;
}

/** The bytes of a file, in pieces that are valid until you take the next. */
export function* bytesOf(path: string): Generator<Buffer, void, undefined> {
  const file = openSync(path, "r");
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const length = readSync(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * The text of a file in pieces, which `hash` gets the bytes of.
 *
 * @throws {ReleaseError} `not_utf8`
 */
export function* textOf(
  path: string,
  origin: string,
  hash?: Hash,
): Generator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let isFirst = true;
  try {
    for (const bytes of bytesOf(path)) {
      hash?.update(bytes);
      const [first, second] = bytes;
      // UTF-16 could pass for UTF-8 with zeros in it.
      if (isFirst && (first === 0 || second === 0)) throw new TypeError("it is UTF-16");
      isFirst = false;
      yield decoder.decode(bytes, { stream: true });
    }
    decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Says which byte of which line it is.
    textFromBytes(readFileSync(path), origin);
    throw error;
  }
}

/** The same as `checksum` of the texts, with `\0` between them; of no path, the empty text. */
export function largeChecksum(paths: readonly (string | undefined)[]): string {
  const hash = createHash("sha256");
  for (const [i, path] of paths.entries()) {
    if (i > 0) hash.update("\0");
    if (path !== undefined) for (const bytes of bytesOf(path)) hash.update(bytes);
  }
  return digestOf(hash);
}

function digestOf(hash: Hash): string {
  return hash.digest("hex").slice(0, 32);
}

/** One buffer in which files are searched one after the other. */
let looked: Buffer | undefined;

/** Whether a word stands anywhere in a file. */
export function hasWord(path: string, word: string): boolean {
  looked ??= Buffer.allocUnsafe(64_000);
  const file = openSync(path, "r");
  try {
    let kept = 0;
    for (;;) {
      const length = readSync(file, looked, kept, looked.length - kept, null);
      const all = looked.subarray(0, kept + length);
      if (all.includes(word)) return true;
      // A file that does not fill it was read to its end.
      if (length === 0 || (kept === 0 && length < looked.length)) return false;
      kept = Math.min(all.length, word.length - 1);
      all.copyWithin(0, all.length - kept);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Whether the file is one part that says nothing about itself: then it need not be read to be run. A marker, or a setting
 * of any tool, is found by the comments that have a line to themselves.
 */
export function saysNothing(path: string, origin: string): boolean {
  let [rest, isHead] = ["", true];
  for (const piece of textOf(path, origin)) {
    const text = rest + piece;
    for (let at = text.indexOf("--"); at !== -1; at = text.indexOf("--", at + 2)) {
      const start = text.lastIndexOf("\n", at) + 1;
      if (at - start > 200 || text.slice(start, at).trim() !== "") continue;
      const end = text.indexOf("\n", at);
      if (end === -1) break;
      const words = text.slice(at, Math.min(end, at + 400)).trim();
      const isStart = isHead && text.slice(0, at).trim() === "" && onlyStarts(words);
      if (!isStart && saysAnything(words)) return false;
      at = end;
    }
    isHead = false;
    rest = text.slice(Math.max(text.lastIndexOf("\n"), text.length - 1000));
  }
  return !saysAnything(rest.trim());
}

export type Streamed = {
  /** For people. */
  readonly origin: string;
  readonly down: MigrationDefinition["down"];
  /**
   * The checksum of the text that must be there. Default: the text that is there when the run reads
   * it.
   */
  readonly checksum?: string;
};

/** A migration whose way up is sent while it is read. */
export function streamedDefinition(path: string, given: Streamed): MigrationDefinition {
  const { down } = given;
  const run = runsFile(path, given);
  return { up: (m) => m.run(run), ...(down === undefined ? {} : { down }) };
}

function runsFile(path: string, { origin, checksum }: Streamed): RunsFile {
  const refuse = () => Promise.reject(new Error(`${origin} is too large to be run as code`));
  let known = checksum;
  const file = {
    origin,
    checksum: () => {
      known ??= largeChecksum([path]);
      return known;
    },
    pieces: () => sameText(path, origin, file.checksum()),
  };
  return Object.assign(refuse, { file });
}

/**
 * The text that is sent must be the one in the history. If it is another one, Slipway throws before
 * its end.
 */
function* sameText(
  path: string,
  origin: string,
  checksum: string,
): Generator<string, void, undefined> {
  const hash = createHash("sha256");
  yield* textOf(path, origin, hash);
  if (digestOf(hash) === checksum) return;
  throw new ReleaseError("migration_invalid", {
    origin,
    reason: "its text is not the one that was planned",
    hint: "Leave it as it is while it is sent. In a built release, put the release here again. Then run migrate again.",
  });
}
