import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { libsql } from "../../src/adapters/libsql/index.ts";
import { describeSqliteDriver } from "../support/sqlite-driver.ts";

const urlOf = (path: string) => (path === ":memory:" ? path : `file:${path}`);
describeSqliteDriver({
  folder: "libsql",
  name: "libsql",
  make: (path) => libsql({ url: urlOf(path) }),
  optionsFor: (path) => ({ url: urlOf(path) }),
});

describe("the URL of libSQL", () => {
  const open = (url: string) => libsql({ url }).open({ role: "work", application: "test" });

  it.each(["libsql://db.example", "https://db.example", "wss://db.example", "http://127.0.0.1:1"])(
    "of a server is refused: %s",
    async (url) => {
      const scheme = new URL(url).protocol;
      await expect(open(url)).rejects.toMatchObject({
        name: "ConnectionFailed",
        message: `${scheme} is a server of libSQL, and this adapter opens files`,
        lasting: true,
      });
    },
  );

  it("may not have parameters", async () => {
    await expect(open("file:a.db?authToken=secret")).rejects.toMatchObject({
      message: "the URL has parameters, which nothing would read",
    });
  });

  it.each([
    ["file:a%20b.db", "a b.db"],
    ["file:///tmp/a.db", "/tmp/a.db"],
    ["a.db", "a.db"],
  ])("%s is described by its file", (url, path) => {
    const shown = path.startsWith("/") ? path : join(process.cwd(), path);
    expect(libsql({ url }).describe()).toBe(`sqlite:${shown}`);
  });
});
