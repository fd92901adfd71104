/** Tenants with a file or a database each that failed: written down in the shared database, and left alone by the next run. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { plain } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import { ensureOwnTable } from "../engine/own-table.ts";
import { settingUp } from "../engine/set-up.ts";
import type { FleetContext } from "./fleet-context.ts";
import { untouched } from "./registry.ts";
import { ownFleetTables } from "./tables.ts";

/**
 * A separate connection for each: failures are few, and a long run may have lost its first one by
 * then.
 */
type At = Pick<FleetContext, "repo" | "tables" | "facts" | "open">;

/**
 * Does not repeat what the place's own history says. @throws {ReleaseError} `setup_refused`,
 * `connection_failed`
 */
export async function quarantinePlace(failed: FailedTenant, at: At): Promise<void> {
  const { repo, tables, facts } = at;
  await withSession(at, async (session) => {
    const { quote: q, quoteNamed, literal, utcNow } = session.dialect;
    const [tenantsTable] = ownFleetTables(tables.history, session.dialect);
    const made = { repo, tables: [tables.tenants], doing: `make ${tables.tenants.name}` };
    await settingUp(session, made, () => ensureOwnTable(session, tenantsTable!));
    const values = {
      tenant: literal(failed.tenant),
      versions: literal(untouched.versions),
      state: "'quarantined'",
      reason: literal(failed.reason),
      failed_version: versionNumber(failed.version),
      failed_name: literal(failed.name),
      failed_at: utcNow,
      run_id: literal(facts.runId),
    };
    const insert = `INSERT INTO ${quoteNamed(tables.tenants)} (${Object.keys(values).map(q).join(", ")}) VALUES (${Object.values(values).join(", ")})`;
    await replaceRow(session, [forget(session, failed.tenant, at), insert]);
  });
}

/** It was migrated, or lacks nothing: nobody has to leave it alone any more. */
export async function releasePlace(tenant: string, at: At): Promise<void> {
  await withSession(at, async (session) => {
    await session.query(forget(session, tenant, at));
  });
}

function forget({ dialect }: Session, tenant: string, { tables }: At): string {
  const { quote: q, quoteNamed, operator, literal } = dialect;
  return `DELETE FROM ${quoteNamed(tables.tenants)} WHERE ${q("tenant")} ${operator("=")} ${literal(tenant)}`;
}

/** Others may write at the same moment: the same row, or on InnoDB rows beside it, where one of two has to begin anew. */
async function replaceRow(session: Session, statements: readonly string[]): Promise<void> {
  const { begin, commit, rollback } = session.dialect;
  for (let tries = 1; ; tries++)
    try {
      return await session.execute([begin, ...statements, commit].map(plain));
    } catch (error) {
      await session.execute([plain(rollback)]).catch(() => undefined);
      const kind = session.errorKind(error);
      const isMet = kind === "duplicate_key" || kind === "deadlock";
      if (tries >= mostTries || !isMet) throw error;
    }
}

const mostTries = 10;

async function withSession({ open }: At, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await open();
  try {
    await work(session);
  } finally {
    await session.close();
  }
}
