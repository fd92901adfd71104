/** Queries, statements and transactions. */
import { plain } from "../../core/model/statement.ts";
import type { Notice } from "../adapter.ts";
import {
  broken,
  createPosts,
  failedIndex,
  hasTable,
  insertTitle,
  open,
  type Suite,
  titles,
  using,
} from "./suite.ts";

/** Rows, parameters, order, failures and notices. */
export function statements(suite: Suite): void {
  const { tests } = suite;
  suite.test("a query gives its rows", async (session) => {
    const rows = await session.query("SELECT 1 AS one, 'a' AS letter UNION ALL SELECT 2, 'b'");
    const expected = [
      { one: 1, letter: "a" },
      { one: 2, letter: "b" },
    ];
    suite.expectEqual(rows, expected);
  });

  suite.test("a query takes parameters", async (session) => {
    await session.execute(createPosts(session));
    const insert = `INSERT INTO posts (title) VALUES (${tests.parameter ?? "$1"})`;
    await session.query(insert, ["it's"]);
    await session.execute([{ sql: insert, parameters: ["two"], policy: { kind: "plain" } }]);
    suite.expectEqual(await titles(session), ["it's", "two"]);
  });

  suite.test("a change says how many rows it was about", async (session) => {
    await session.execute([...createPosts(session), ...["a", "b", "c"].map(insertTitle)]);
    const change = (where: string) => session.change(`UPDATE posts SET title = 'd' ${where}`);
    const changed = [await change("WHERE title <> 'b'"), await change("WHERE title = 'missing'")];
    suite.expectEqual(changed, [2, 0]);
    suite.expectEqual(await titles(session), ["b", "d", "d"]);
  });

  suite.test("statements run in order", async (session) => {
    const inserts = ["a", "b", "c"].map(insertTitle);
    await session.execute([...createPosts(session), ...inserts]);
    suite.expectEqual(await titles(session), ["a", "b", "c"]);
  });

  suite.test("a failure says which statement it was, and those before it ran", async (session) => {
    await session.execute(createPosts(session));
    const index = await failedIndex(session, [insertTitle("a"), insertTitle("b"), broken]);
    suite.expectEqual(index, 2);
    suite.expectEqual(await titles(session), ["a", "b"]);
  });

  if (tests.notice === undefined) return;
  const { sql, expected } = tests.notice;
  suite.it("notices are heard", async (adapter) => {
    const notices: Notice[] = [];
    const session = await open(adapter, "work", (notice) => notices.push(notice));
    await session.query(sql);
    await session.close();
    suite.expectEqual(notices, [expected]);
  });
}

/** A commit keeps the work of a transaction, and a rollback takes it back. */
export function transactions(suite: Suite): void {
  suite.test("a committed transaction stays", async (session) => {
    const { begin, commit, rollback } = session.dialect;
    await session.execute(createPosts(session));
    await session.execute([plain(begin), insertTitle("a"), plain(commit)]);
    await session.execute([plain(begin), insertTitle("b"), plain(rollback)]);
    suite.expectEqual(await titles(session), ["a"]);
  });

  suite.test("a failed transaction leaves nothing, and the session continues", async (session) => {
    const { begin, commit, rollback } = session.dialect;
    await session.execute(createPosts(session));
    const transaction = [plain(begin), insertTitle("a"), broken, plain(commit)];
    suite.expectEqual(await failedIndex(session, transaction), 2);
    await session.execute([plain(rollback)]);
    suite.expectEqual(await titles(session), []);
  });

  suite.test("a text that is no SQL is found among the others", async (session) => {
    const { begin, commit, rollback } = session.dialect;
    await session.execute(createPosts(session));
    const transaction = [plain(begin), insertTitle("ä"), plain("SELEC 1"), plain(commit)];
    suite.expectEqual(await failedIndex(session, transaction), 2);
    await session.execute([plain(rollback)]).catch(() => undefined);
    suite.expectEqual(await titles(session), []);
  });

  suite.test("tables roll back where the dialect says so", async (session) => {
    const { begin, rollback, transactionalDdl } = session.dialect;
    await session.execute([plain(begin), ...createPosts(session), plain(rollback)]);
    suite.expectEqual(await hasTable(session, "posts"), !transactionalDdl);
  });

  suite.it("a session that ends in a transaction leaves nothing", async (adapter) => {
    const first = await open(adapter, "work");
    await first.execute(createPosts(first));
    await first.execute([plain(first.dialect.begin), insertTitle("a")]);
    await first.close();
    await using(adapter, "work", async (second) => {
      suite.expectEqual(await titles(second), []);
    });
  });
}
