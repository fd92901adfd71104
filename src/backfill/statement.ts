/** Sending several statements at once, where the database takes that. */

import type { Row, Session } from "../adapters/adapter.ts";
import { plain } from "../core/model/statement.ts";

/** Runs all of them and gives the rows of the last one, in one round trip where there is such a thing. */
export async function together(session: Session, sqls: readonly string[]): Promise<readonly Row[]> {
  if (session.dialect.manyAtOnce) return session.query(sqls.join(";\n"));
  await session.execute(sqls.slice(0, -1).map(plain));
  return session.query(sqls.at(-1) ?? "");
}

/** Ends what may be open of a transaction; when the connection is gone the server does. */
export async function rollBack(session: Session): Promise<void> {
  try {
    await session.execute([plain(session.dialect.rollback)]);
  } catch {
    // There was no transaction, or there is no connection any more. The error that led here is the one to tell.
  }
}

/** Does all of it in one transaction, which begins with `settings`. Default: none. */
export async function inTransaction<Result>(
  session: Session,
  work: () => Promise<Result>,
  settings: readonly string[] = [],
): Promise<Result> {
  await session.execute([session.dialect.begin, ...settings].map(plain));
  try {
    const result = await work();
    await session.execute([plain(session.dialect.commit)]);
    return result;
  } catch (error) {
    await rollBack(session);
    throw error;
  }
}
