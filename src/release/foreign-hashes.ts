/** Checksums as other tools make them. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Hashes } from "../histories/foreign-history.ts";

const hex = (algorithm: string) => (text: string) =>
  createHash(algorithm).update(text).digest("hex");

export const hashes: Hashes = {
  md5: hex("md5"),
  sha1: hex("sha1"),
  sha256: hex("sha256"),
  sha384: hex("sha384"),
  // Java has no unsigned numbers.
  crc32: (text) => crc32(text) | 0,
};
