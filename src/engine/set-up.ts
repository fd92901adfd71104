/** Our own tables, the lock and its number: what keeps Slipway from them has a name, a repo and a hint. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import type { Named } from "../core/model/named.ts";
import { reasonOf } from "./reason.ts";

/** The place of the tables, and the work on them: completes "cannot …". */
export type SetUp = {
  readonly repo: string;
  readonly tables: readonly Named[];
  readonly doing: string;
};

/** @throws {ReleaseError} `setup_refused` for a refusal of the database; errors of ours as they are */
export async function settingUp<Result>(
  session: Session,
  at: SetUp,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isReleaseError(error)) throw error;
    throw await setupRefused(session, at, error);
  }
}

async function setupRefused(
  session: Session,
  { repo, tables, doing }: SetUp,
  error: unknown,
): Promise<ReleaseError> {
  const refusal = await session.refusal?.(error, tables).catch(() => undefined);
  const reason = refusal?.reason ?? reasonOf(error);
  const details = { repo, doing, reason, hint: refusal?.hint };
  return new ReleaseError("setup_refused", details, { cause: error });
}
