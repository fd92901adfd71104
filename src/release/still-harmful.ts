/** Of what the rules say of MySQL, what holds on this server, with the rows that are there now. */
import type { Session } from "../adapters/adapter.ts";
import { lockPolicy } from "../core/lock-policy.ts";
import type { VerdictFinding } from "../core/rules/verdict-data.ts";
import type { Named } from "../core/schema/operation.ts";
import type { SafetyInput } from "./safety.ts";

type Findings = readonly (readonly VerdictFinding[])[];

/**
 * The findings, without those that stop nobody: where the policy allows it, on tables that are empty or not there yet,
 * and copies on a server that makes them beside writers. Other databases have nothing to ask.
 */
export async function stillHarmful(findings: Findings, input: SafetyInput): Promise<Findings> {
  const { session, steps, policies } = input;
  if (session.dialect.name !== "mysql" || findings.every((some) => some.length === 0))
    return findings;
  const copiesOnline = await copiesBesideWriters(session);
  const left: VerdictFinding[][] = [];
  for (const [i, some] of findings.entries()) {
    const { onlineDdl } = lockPolicy(policies.repo, steps[i]?.policy, policies.command);
    const kept: VerdictFinding[] = [];
    for (const finding of onlineDdl === "allow-copy" ? [] : some) {
      if (copiesOnline && finding.rule === "mysql-copy-blocks-writes") continue;
      if (await someHaveRows(finding.tables, session)) kept.push(finding);
    }
    left.push(kept);
  }
  return left;
}

/** MariaDB since 11.2. https://mariadb.com/kb/en/innodb-online-ddl-overview/ */
async function copiesBesideWriters(session: Session): Promise<boolean> {
  const [row] = await session.query("SELECT VERSION() AS version");
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+).*mariadb/i.exec(String(row?.version)) ?? [];
  return Number(major) > 11 || (Number(major) === 11 && Number(minor) >= 2);
}

async function someHaveRows(tables: readonly string[], session: Session): Promise<boolean> {
  for (const table of tables) {
    const name = session.dialect.quoteNamed(named(table));
    try {
      if ((await session.query(`SELECT 1 FROM ${name} LIMIT 1`)).length > 0) return true;
    } catch {
      // It is not there yet, or cannot be read: the server is asked again when the change runs.
    }
  }
  return false;
}

function named(table: string): Named {
  const [name = table, prefix] = table.split(".").reverse();
  return prefix === undefined ? { name } : { name, prefix };
}
