/**
 * Collects facts about a release's databases, for whoever judges its migrations elsewhere. Writes
 * nothing and reads no row of a table.
 */

import { ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import type { ProductionFacts, RepoFacts } from "../core/model/production-facts.ts";
import { measuredIn } from "../core/safety/forecast/work-note.ts";
import { readEvents } from "../engine/event-table.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import type { PrepareContext } from "./run-world.ts";
import { settleAll } from "./settle.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";

/** @throws {ReleaseError} `connection_failed`, `usage_invalid` for a database that tells nothing of itself */
export async function readFacts(
  repos: readonly Repo[],
  options: { readonly prefix?: string | undefined },
  context: PrepareContext,
): Promise<ProductionFacts> {
  const found = await settleAll(repos, async (repo) => {
    const facts = await readRepoFacts(repo, options, context);
    return [repo.name, facts] as const;
  });
  const takenAt = new Date().toISOString();
  return { slipwayFacts: 1, app: context.app, takenAt, repos: Object.fromEntries(found) };
}

async function readRepoFacts(
  repo: Repo,
  { prefix }: { readonly prefix?: string | undefined },
  context: PrepareContext,
): Promise<RepoFacts> {
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  try {
    const { migrations, historyTable, mayBeMissing } = laneOf(repo, "schema", { prefix });
    const source = sourceOf(migrations, { repo: repo.name, root: context.root, mayBeMissing });
    const { files } = await source.list();
    const found = await reading(session, context, async () => {
      const facts = await session.facts?.(historyTable.name);
      const place = { table: historyTable, repo: repo.name };
      if (facts === undefined) return undefined;
      const own = { repo, session, history: place, answeredFor: true };
      const applied = await ownRows(own, () => readHistory(session, place, files));
      const unknown: string[] = [...facts.unknown];
      const events = await readEvents(session, [historyTable], { limit: 200 }).catch(
        (error: unknown) => {
          // With the history alone one can look.
          if (session.errorKind(error) !== "invalid") throw error;
          unknown.push(`measured: ${messageOf(error)}`);
          return [];
        },
      );
      return { facts: { ...facts, unknown }, applied, measured: measuredIn(events) };
    });
    if (found === undefined)
      throw new ReleaseError("usage_invalid", {
        reason: `the database of repo ${repo.name} tells nothing of itself`,
        hint: "Name another repo with --repo.",
      });
    const { label, rules } = session.dialect;
    return {
      database: label,
      ...(rules === undefined ? {} : { rules }),
      applied: found.applied.map(({ version }) => version),
      ...(found.measured.length === 0 ? {} : { measured: found.measured }),
      ...found.facts,
    };
  } finally {
    await session.close();
  }
}
