/**
 * Runs the code of another tool's migrations on a shadow, so that the check judges its statements.
 */
import type { Finding } from "../../check/finding.ts";
import type { CheckNote } from "../../check/judged.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { MigrationFile, Version } from "../../core/model/migration.ts";
import { sendsFile } from "../../core/plan/worth-judging.ts";
import type { InventoryEntry, RepoInventory } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import type { SentByCode } from "../../shadow/code/sent-by-code.ts";
import type { ShadowRequest } from "../check-on-shadow.ts";
import { shadowSqlOf } from "../shadow-flags.ts";

type About = { readonly release: Release; readonly request: ShadowRequest };
type Part = { readonly history: readonly InventoryEntry[]; readonly wanted: readonly Version[] };

export type CodeRun = {
  readonly history: readonly InventoryEntry[];
  readonly notes: readonly CheckNote[];
  /** Those of the wanted ones whose code was not run to its end. */
  readonly unjudged: readonly Version[];
};

/** The history with the statements of its code, and notes about them. */
export async function withCodeRun(repo: RepoInventory, part: Part, about: About): Promise<CodeRun> {
  const ran = await withToolRun(repo, part, about);
  const wanted = new Set(part.wanted);
  const large = part.history
    .filter(({ file, step }) => wanted.has(file.version) && sendsFile(step))
    .map(({ file }) => file);
  const message = "is larger than 8 MB: it is sent while it is read, and was not judged";
  return {
    ...ran,
    notes: [
      ...ran.notes,
      ...large.map(({ origin }): CheckNote => ({ code: "code_not_judged", file: origin, message })),
    ],
    unjudged: [...ran.unjudged, ...large.map(({ version }) => version)],
  };
}

async function withToolRun(
  repo: RepoInventory,
  { history, wanted }: Part,
  about: About,
): Promise<CodeRun> {
  const versions = new Set(wanted);
  const isWanted = ({ file, step }: InventoryEntry) =>
    versions.has(file.version) && step.actions.some(({ kind }) => kind === "run");
  const asked = history.filter(isWanted).map(({ file }) => file);
  if (repo.modules === undefined || asked.length === 0) return { history, notes: [], unjudged: [] };
  const { tool } = repo.modules;
  const unable = (reason: string) => ({
    history,
    notes: asked.map((file) => notJudged(file, tool, reason)),
    unjudged: asked.map(({ version }) => version),
  });
  const { sentByCode, shadowPlaceOf } = await import("../../shadow/code/sent-by-code.ts");
  const { flags, context } = about.request;
  const place = shadowPlaceOf(repo, flags.shadow);
  if (place.unable !== undefined) return unable(place.unable);
  try {
    const sent = await sentByCode(about.release, {
      ...{ repo: repo.repo, ...place, migrations: history },
      shadowSql: await shadowSqlOf(flags.shadowSql, context),
    });
    const unjudged = asked.map(({ version }) => version).filter((one) => sent.failed.has(one));
    return { history: sent.migrations, notes: notesOf(asked, sent, tool), unjudged };
  } catch (error) {
    return unable(messageOf(error));
  }
}

function notesOf(
  asked: readonly MigrationFile[],
  { failed, readRows }: SentByCode,
  tool: string,
): readonly CheckNote[] {
  return asked.flatMap((file): readonly CheckNote[] => {
    const reason = failed.get(file.version);
    if (reason !== undefined) return [notJudged(file, tool, reason)];
    if (!readRows.has(file.version)) return [];
    const message = `reads rows: it was judged by what its code sends on a database without any`;
    return [{ code: "code_read_rows", file: file.origin, message }];
  });
}

function notJudged({ origin: file }: MigrationFile, tool: string, reason: string): CheckNote {
  const message = `is code of ${tool} that was not run to its end, so not all that it sends was judged: ${reason}`;
  return { code: "code_not_judged", file, message };
}

/** A file of another tool has no words of our language, so its safe form is SQL. */
export function inItsOwnWords(
  findings: readonly Finding[],
  { modules, migrations }: RepoInventory,
): readonly Finding[] {
  if (modules === undefined) return findings;
  const { tool } = modules;
  const files = new Set(
    migrations
      .filter(({ step }) =>
        step.actions.some(({ words }) => words.startsWith(`run code: ${tool}, `)),
      )
      .map(({ file }) => file.origin),
  );
  return findings.map((finding) => {
    if (finding.safe?.dsl === undefined || !files.has(finding.file)) return finding;
    const { dsl: _, ...safe } = finding.safe;
    return { ...finding, safe };
  });
}
