/** Code of the user's in the transaction of a batch, which has to be there still when the code is done. */

import type { Session } from "../../adapters/adapter.ts";
import { plain } from "../../core/model/statement.ts";
import { reasonOf } from "../../engine/reason.ts";
import { TransactionBroken } from "../../engine/transaction-broken.ts";

const savepoint = "slipway_code";

/**
 * A ROLLBACK in the code would undo its changes and leave the cursor to move on: rows would be missed. A savepoint that is
 * gone tells of it, also when the code began another transaction, or failed afterwards.
 *
 * @throws {TransactionBroken} and the errors of the code
 */
export async function unbroken<Result>(
  session: Session,
  code: () => Promise<Result>,
): Promise<Result> {
  const send = (sql: string) => session.execute([plain(sql)]);
  const isGone = (error: unknown) => session.errorKind(error) === "savepoint_missing";
  await send(`SAVEPOINT ${savepoint}`);
  const result = await code().catch(async (error: unknown) => {
    const gone = await send(`ROLLBACK TO SAVEPOINT ${savepoint}`).then(() => false, isGone);
    throw gone ? new TransactionBroken("ended", reasonOf(error)) : error;
  });
  await send(`RELEASE SAVEPOINT ${savepoint}`).catch((error: unknown) => {
    throw isGone(error) ? new TransactionBroken("ended") : error;
  });
  return result;
}
