/** A text of some megabytes is parsed in pieces: the parser keeps what the longest one took. */
import { expect, it, vi } from "vitest";
import { loadParser } from "../../src/check/parser.ts";
import { splitStatements } from "../../src/core/sql/statements.ts";

const lengths = vi.hoisted((): number[] => []);
vi.mock("libpg-query", async (original) => {
  const real = await original<typeof import("libpg-query")>();
  return {
    ...real,
    parseSync(sql: string) {
      lengths.push(sql.length);
      return real.parseSync(sql);
    },
  };
});

const inserts = Array.from({ length: 60 }, (_, i) => {
  const words = `é ${i}; it''s\nwords `.repeat(3_000);
  return `-- row; ${i}\nINSERT INTO posts (title)\nVALUES ('${words}');`;
});
const text = `CREATE TABLE posts (title text);\n\n${inserts.join("\n")}\nCREATE INDEX ON posts (title)`;

async function statementsOf(sql: string) {
  lengths.length = 0;
  const parser = await loadParser();
  return parser?.statements(sql) ?? [];
}

it("in pieces of a million characters, with the texts and lines of the whole", async () => {
  expect(text.length).toBeGreaterThan(3_000_000);
  const found = await statementsOf(text);
  expect(lengths).toHaveLength(4);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000_000);
  const expected = splitStatements(text, "postgres").map(({ sql, line }) => ({ sql, line }));
  // What the parser gives begins with the comment that stands before a statement inside of a piece.
  const meant = found.map(({ text, line }) => {
    const [, comment = ""] = /^(--.*\n)/.exec(text) ?? [];
    return { sql: text.slice(comment.length), line: line + (comment === "" ? 0 : 1) };
  });
  expect(meant).toEqual(expected);
  expect(new Set(found.map((one) => ("node" in one ? one.node?.kind : "error")))).toEqual(
    new Set(["CreateStmt", "InsertStmt", "IndexStmt"]),
  );
});

it("one mistake hides nothing else, and has its line", async () => {
  const found = await statementsOf(`${text};\nINSERT posts;\nDROP TABLE posts`);
  const wrong = found.filter((one) => "error" in one && one.error !== undefined);
  expect(wrong.map(({ text }) => text)).toEqual(["INSERT posts"]);
  expect(wrong[0]?.line).toBe(text.split("\n").length + 1);
  expect(found).toHaveLength(64);
});
