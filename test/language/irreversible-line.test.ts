/** The refusal of going down names the file and the line. */
import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
import { expect, it } from "vitest";
import { sqliteDialect } from "../../src/adapters/sqlite/dialect.ts";
import type { MigrationBuilder } from "../../src/core/language/builder.ts";
import { record } from "../../src/core/plan/record.ts";
import { refusal } from "../conformance/support/release.ts";
import { tree } from "../conformance/support/tree.ts";
import { recorder } from "../support/recorder.ts";

const text = `// A comment.
interface Unused { readonly type: "goes away" }

export default {
  change(m) {
    m.createTable("posts", (t) => t.id());
    m.alterTable("posts", (t) => {
      t.add("title", "string");
    });

    m.dropTable(
      "posts",
    );
    m.createTable("later", (t) => t.id());
  },
};
`;

it("with the line of the operation, and what to write instead", async () => {
  const root = tree({ "db/7_drop.ts": text });
  const main = { adapter: sqlite({ path: ":memory:" }), migrations: "db" };
  const release = defineRelease({ app: "blog", root, repos: { main } }).using(recorder().world);
  await release.migrate();
  const { details, message, hint } = await refusal(release.rollback("main", 7));
  expect({ details, message, hint }).toEqual({
    details: {
      origin: "db/7_drop.ts",
      line: 11,
      operation: "drop table posts",
      fix: hint,
    },
    message: "db/7_drop.ts:11: cannot reverse migration operation: drop table posts",
    hint: 'Write m.dropTable("posts", { was: (t) => { … } }) with the columns that it had, or write up(m) and down(m).',
  });
});

it("without a line where the migration has no file of its own, and when recording it again fails", () => {
  let records = 0;
  const change = (m: MigrationBuilder) => {
    records += 1;
    if (records > 1) throw new Error("only once");
    m.execute("SELECT 1");
  };
  const file = { id: "7_drop", version: "7", name: "drop", origin: "7_drop" };
  const { identifierLimit } = sqliteDialect;
  expect(() =>
    record(file, { change }, { direction: "down", identifierLimit, defaults: {} }),
  ).toThrow('7_drop: cannot reverse migration operation: execute "SELECT 1"');
});
