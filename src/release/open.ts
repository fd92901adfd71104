/** Opens connections of a repo, and says in the repo's name what went wrong. */
import { ConnectionFailed, type Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/errors.ts";
import type { Emit } from "../engine/events.ts";
import type { Repo } from "./config.ts";

/** @throws {ReleaseError} `connection_failed`, `driver_missing`, `env_missing` */
export async function openSession(
  repo: Repo,
  options: { readonly role: "work" | "lock"; readonly app: string; readonly emit: Emit },
): Promise<Session> {
  const { role, app, emit } = options;
  try {
    return await repo.adapter.open({
      role,
      application: `slipway ${app}`,
      onNotice: (notice) => emit({ type: "notice", repo: repo.name, notice }),
    });
  } catch (error) {
    if (isReleaseError(error)) throw error;
    const isOurs = error instanceof ConnectionFailed;
    const details = {
      repo: repo.name,
      target: repo.adapter.describe(),
      reason: error instanceof Error ? error.message : String(error),
      hint: isOurs ? error.hint : "Its adapter could not open a connection.",
    };
    throw new ReleaseError("connection_failed", details, { cause: error });
  }
}
