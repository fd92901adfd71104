/** How a repo is, in one word: what most needs a person comes first. */
import { backfillShare, restsLong } from "../core/backfill/state-words.ts";
import type { RepoStatus, StatusRow } from "../index.ts";
import type { RepoView } from "./facts.ts";
import type { Tone } from "./status-word.ts";
import { many } from "./words.ts";

export type State = { readonly tone: Tone; readonly words: string };

/** The state of a repo as a whole: of its schema and of all else that is known. */
export function repoState({ status, wrong }: RepoView): State {
  if (wrong !== undefined || status === undefined) return { tone: "bad", words: "cannot be read" };
  const { migrations, run, tenants } = status;
  const has = (is: (row: StatusRow) => boolean) => migrations.filter(is).length;
  const pending = has((row) => row.status === "down");
  if (run !== undefined) {
    const waits = (run.wait?.blockers.length ?? 0) > 0 || run.lastTry !== undefined;
    return waits ? { tone: "warn", words: "running, waits" } : { tone: "busy", words: "running" };
  }
  if (has(({ part }) => part !== undefined) > 0) return { tone: "bad", words: "half done" };
  if (has(({ failed }) => failed !== undefined) > 0) return { tone: "bad", words: "failed" };
  if ((tenants?.quarantined ?? 0) > 0) return { tone: "bad", words: "tenants failed" };
  if (pending > 0) return { tone: "warn", words: `${pending} pending` };
  if ((tenants?.behind ?? 0) > 0) return { tone: "warn", words: "tenants behind" };
  if (has(({ edited }) => edited === true) > 0) return { tone: "warn", words: "edited" };
  return { tone: "good", words: "up to date" };
}

/** One migration. */
export function rowState({ status, part, failed, edited, running, inRelease }: StatusRow): State {
  if (running) return { tone: "busy", words: "running" };
  if (part !== undefined) return { tone: "bad", words: "half done" };
  if (failed !== undefined)
    return failed.result === "failed"
      ? { tone: "bad", words: failed.direction === "up" ? "failed" : "rollback failed" }
      : { tone: "warn", words: "stopped" };
  if (status === "down") return { tone: "warn", words: "pending" };
  if (edited) return { tone: "warn", words: "edited" };
  return inRelease === false
    ? { tone: "quiet", words: "not in this release" }
    : { tone: "good", words: "applied" };
}

type Backfill = NonNullable<RepoStatus["backfills"]>[number];

/** A backfill. */
export function backfillTone(backfill: Backfill): State {
  const { state, abandoned, held } = backfill;
  switch (state) {
    case "running":
      return abandoned
        ? { tone: "warn", words: "running, no worker" }
        : restsLong(backfill)
          ? { tone: "warn", words: held === undefined ? "running, no batch" : "running, held" }
          : { tone: "busy", words: "running" };
    case "paused":
      return { tone: "warn", words: "paused" };
    case "failed":
      return { tone: "bad", words: "failed" };
    case "cancelled":
      return { tone: "quiet", words: "cancelled" };
    case "finished":
      return { tone: "good", words: "finished" };
  }
}

/** `41%`, or how many rows there were so far. */
export function backfillProgress(backfill: Backfill): string {
  return backfillShare(backfill) || many(backfill.rowsSeen, "row");
}

/** One sentence for all repos. */
export function headline(repos: readonly RepoView[]): string {
  const states = repos.map((one) => ({ ...repoState(one), repo: one.repo }));
  const named = (tone: Tone) => states.filter((one) => one.tone === tone);
  const [bad] = named("bad");
  if (bad !== undefined) return `${bad.repo}: ${bad.words}`;
  const running = states.find(({ words }) => words.startsWith("running"));
  if (running !== undefined) return `A run is at work on ${running.repo}`;
  const backfills = repos.flatMap(({ repo, status }) =>
    (status?.backfills ?? []).map((one) => ({ repo, name: one.name, ...backfillTone(one) })),
  );
  const stuck = backfills.find(({ tone }) => tone === "bad" || tone === "warn");
  if (stuck !== undefined) return `${stuck.repo}: backfill ${stuck.name} is ${stuck.words}`;
  const pending = repos.reduce(
    (sum, { status }) =>
      sum + (status?.migrations.filter((row) => row.status === "down").length ?? 0),
    0,
  );
  if (pending > 0) return `${many(pending, "migration is", "migrations are")} pending`;
  const [warn] = named("warn");
  if (warn !== undefined) return `${warn.repo}: ${warn.words}`;
  const atWork = backfills.filter(({ tone }) => tone === "busy").length;
  return atWork === 0
    ? "Everything is up to date"
    : `${many(atWork, "backfill is", "backfills are")} at work`;
}
