/** Says why a database cannot be compared with its kept schema. */
import { ReleaseError } from "../core/model/errors.ts";
import type { Repo } from "./config.ts";

export function notKept({ name: repo, fingerprint }: Repo, reason: string): ReleaseError {
  return new ReleaseError("schema_not_kept", { repo, reason, fingerprint: fingerprint !== false });
}

/**
 * Refuses to keep a half-done schema: it is neither the one meant before nor the one meant next.
 */
export function notWhileHalfDone({ name: repo, fingerprint }: Repo): ReleaseError {
  const reason = "a migration is half done";
  return new ReleaseError("schema_not_kept", {
    ...{ repo, reason, fingerprint: fingerprint !== false, halfDone: true },
  });
}
