/** Why a database cannot be compared with what was kept of it. */
import { ReleaseError } from "../core/model/errors.ts";
import type { Repo } from "./config.ts";

export function notKept({ name: repo, fingerprint }: Repo, reason: string): ReleaseError {
  return new ReleaseError("schema_not_kept", { repo, reason, fingerprint: fingerprint !== false });
}

/** What is there is neither what was meant before nor what is meant next. */
export function notWhileHalfDone({ name: repo, fingerprint }: Repo): ReleaseError {
  const reason = "a migration is half done";
  return new ReleaseError("schema_not_kept", {
    ...{ repo, reason, fingerprint: fingerprint !== false, halfDone: true },
  });
}
