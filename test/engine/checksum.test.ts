/** Checksums of the history are for ever, so what is read in pieces has the checksum of the whole. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { checksum } from "../../src/engine/checksum.ts";

const million = "a".repeat(1_000_000);
const nearly = million.slice(1);

const texts: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a word", "a"],
  ["a million and nothing more", million],
  ["two units of one character across the cut", `${nearly}\u{1f600}b`],
  ["one behind the cut", `${million}\u{1f600}`],
  ["one before the cut, and half a one", `${nearly.slice(1)}\u{1f600}\ude00b`],
  ["half a one at the cut", `${nearly}\ud83d`],
  ["many", `${"é\u{1f600} ".repeat(700_001)}`],
];

it.each(texts)("%s", (_, text) => {
  const whole = createHash("sha256").update(text).digest("hex");
  expect(checksum(text)).toBe(whole.slice(0, 32));
});
