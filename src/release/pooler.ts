/** Finds steps that a connection pooler would break, before anything runs. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Step } from "../core/plan/step.ts";
import { type Unit, unitsOf } from "../engine/units.ts";

/**
 * Warnings about steps that a pooler changes: in transaction mode, outside of a transaction each
 * statement may reach another connection of the server. Asks the server only when there is such a
 * step.
 *
 * @throws {ReleaseError} `direct_url_needed` for a setting of the connection, which somebody else
 * would get
 */
export async function poolerWarnings(
  repo: string,
  steps: readonly Step[],
  session: Session,
): Promise<readonly Warning[]> {
  const touched = steps
    .filter((step) => !step.transactional)
    .map((step) => ({ step, units: unitsOf(step) }))
    .filter(({ units }) => units.some(isTouched));
  if (touched.length === 0) return [];
  const pooler = await session.pooler?.();
  if (pooler === undefined) return [];
  const migrations = touched.map(({ step }) => step.file.id);
  if (pooler === "session") return [warning("pooler_in_session_mode", { migrations })];
  refuse(
    touched.flatMap(({ step, units }) => {
      const setting = units.find((unit) => unit.kind === "setting");
      if (setting === undefined) return [];
      const reason = `${step.file.id} changes a setting of the connection outside of a transaction ("${setting.statement.sql}"), and a connection pooler in transaction mode stands between, which would give it to somebody else`;
      return [new ReleaseError("direct_url_needed", { repo, reason })];
    }),
  );
  return migrations.map((migration) => warning("pooler_in_transaction_mode", { migration }));
}

function isTouched({ kind }: Unit): boolean {
  return kind === "setting" || kind === "code";
}
