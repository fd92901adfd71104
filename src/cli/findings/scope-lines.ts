/**
 * The scope of a check in words: a line for each repo, and one for each thing that was not judged.
 */
import type { CheckNote, Judged, PlacedForecast, Scope } from "../../check/judged.ts";
import { forecastWords } from "../../core/safety/forecast/forecast.ts";

/** For people, in the order: forecasts, the judged migrations, then notes. */
export function scopeLines({ judged, notes, forecasts = [] }: Scope): readonly string[] {
  return [...forecasts.map(takesWords), ...judged.map(judgedWords), ...notes.map(noteWords)];
}

/** How long a statement takes, with its file first. */
export function takesWords(forecast: PlacedForecast): string {
  const { file, line, statement } = forecast;
  const [first = ""] = statement.split("\n");
  const shown = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  return `forecast: ${file}:${line} ${shown}: ${forecastWords(forecast)}`;
}

/** A note with its file first. */
export function noteWords(note: CheckNote): string {
  return `note: ${noteText(note)}`;
}

/** The same without saying that it is a note. */
export function noteText({ file, message }: CheckNote): string {
  return file === undefined ? message : `${file} ${message}`;
}

/** `repo main: judged 1 new migration against the schema of 41 earlier ones`. */
export function judgedWords({ repo, ...judged }: Judged): string {
  const where =
    repo === undefined ? "" : `repo ${repo}${judged.tenants === true ? ", tenants" : ""}: `;
  return where + wordsOf(judged) + leftOutWords(judged);
}

/** The line of a repo with no other pending migrations already contains it. */
function leftOutWords({ how, migrations, leftOut }: Omit<Judged, "repo">): string {
  if (leftOut === undefined || (how === "pending" && migrations === 0)) return "";
  return `; ${leftOut.migrations} left out by startAfter: ${leftOut.startAfter}`;
}

function wordsOf(judged: Omit<Judged, "repo">): string {
  const { how, migrations: count, earlier, against, leftOut, unjudged = 0 } = judged;
  if (count === 0 && unjudged > 0)
    return `nothing was judged: ${many(unjudged, "migration")} could not be`;
  const schema = `the schema of ${earlier} earlier one${earlier === 1 ? "" : "s"}`;
  switch (how) {
    case "base":
      return count === 0
        ? `nothing to judge: no migration is new since ${against} (${earlier} there)`
        : `judged ${many(count, "new migration")} since ${against} against ${schema}`;
    case "pending":
      if (count === 0 && leftOut !== undefined) {
        const open = many(leftOut.migrations, "pending migration");
        const by = `left out by startAfter: ${leftOut.startAfter}`;
        return `nothing to judge: ${open} ${by} (${haveRun(earlier - leftOut.migrations)})`;
      }
      if (count === 0) return `nothing to judge: no migration is pending (${haveRun(earlier)})`;
      return earlier === 0
        ? `judged ${many(count, "pending migration")} as one run on an empty database, where what it makes is in nobody's use (check --base REF judges what a change brings)`
        : `judged ${many(count, "pending migration")} as one run against ${schema}`;
    case "all":
      return `judged ${many(count, "migration")}, each against the schema of those before it`;
    case "named":
      return count === 1
        ? `judged 1 migration against ${schema}`
        : `judged ${count} migrations, each against the schema of those before it`;
    case "files":
      return against === undefined
        ? `judged ${many(count, "SQL file")} as one run on a schema that is not known`
        : `judged ${many(count, "SQL file")} as one run against the schema of ${against}`;
  }
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function haveRun(count: number): string {
  return `${count} ${count === 1 ? "has" : "have"} run`;
}
