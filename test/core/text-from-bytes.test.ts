import { expect, test } from "vitest";
import { ReleaseError } from "../../src/core/model/errors.ts";
import { textFromBytes } from "../../src/core/model/text-from-bytes.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");

function refusal(bytes: Uint8Array): string {
  try {
    return `read: ${textFromBytes(bytes, "a.sql")}`;
  } catch (error) {
    if (error instanceof ReleaseError) return error.message;
    throw error;
  }
}

test.each(["", "a", "de", "-- ü €\r\n😀\n", "\uFEFFselect 1;", "ab\0c"])(
  "UTF-8 is read as it is: %j",
  (text) => {
    expect(textFromBytes(Buffer.from(text), "a.sql")).toBe(text);
  },
);

test.each([
  ["Latin-1", latin1("select 1;\ninsert 'é'"), "a.sql:2:9 is not UTF-8: the byte 0xe9"],
  [
    "Latin-1 behind wide characters",
    Buffer.concat([Buffer.from("€😀\n😀€"), latin1("ü;")]),
    "a.sql:2:3 is not UTF-8: the byte 0xfc",
  ],
  [
    "a character cut off at the end",
    Buffer.from("a\n€").subarray(0, 4),
    "a.sql:2:1 is not UTF-8: the byte 0xe2",
  ],
  [
    "half of a surrogate pair",
    Buffer.from([0x61, 0xed, 0xa0, 0x80]),
    "a.sql:1:2 is not UTF-8: the byte 0xed",
  ],
  ["a long form of a slash", Buffer.from([0xc0, 0xaf]), "a.sql:1:1 is not UTF-8: the byte 0xc0"],
  ["one byte", Buffer.from([0xff]), "a.sql:1:1 is not UTF-8: the byte 0xff"],
])("refuses %s", (_, bytes, message) => {
  expect(refusal(bytes)).toBe(`file ${message} is no part of a character`);
});

test.each([
  ["UTF-16 with its mark", Buffer.from("\uFEFFselect 1", "utf16le")],
  ["UTF-16 in the other order", Buffer.from("\uFEFFselect 1", "utf16le").swap16()],
  ["UTF-16 without a mark", Buffer.from("select 1", "utf16le")],
])("names %s", (_, bytes) => {
  expect(refusal(bytes)).toBe("file a.sql:1:1 is not UTF-8: it is UTF-16");
});

test("megabytes on one line take no time", () => {
  const bytes = Buffer.concat([Buffer.alloc(8_000_000, "a"), Buffer.from([0xe9])]);
  expect(refusal(bytes)).toContain("a.sql:1:8000001");
});
