/** The result of adopting, in words. */
import { named } from "../core/model/errors/words.ts";
import { ecto } from "../histories/ecto.ts";
import { histories } from "../histories/index.ts";
import type { Adoption, TenantsAdopted } from "../release/adopt.ts";
import type { AdoptionBack } from "../release/adopt-back.ts";

const shown = 5;

/**
 * Lines with the number of recorded migrations, the newest of them, the pending ones and the
 * accepted doubts.
 */
export function adoptText(
  adoption: Adoption,
  {
    dryRun,
    startAfter,
  }: {
    readonly dryRun: boolean;
    /** The advice about `startAfter`. Default: none. */
    readonly startAfter?: string | undefined;
  },
): string {
  if (adoption.tenants !== undefined) return tenantsText(adoption, adoption.tenants, dryRun);
  const { repo, tool, table, recorded, known, pending, accepted } = adoption;
  const label = histories.find((one) => one.tool === tool)?.label ?? tool;
  const count = recorded.length;
  const done = dryRun ? "would record" : "recorded";
  const head =
    count === 0
      ? `${repo}: the history of ${label} (${table}) is known already: ${known} applied`
      : `${repo}: ${done} ${count} applied migration${count === 1 ? "" : "s"} from ${label} (${table})`;
  return [
    head,
    ...few(recorded).map(({ version, name }) => `  up    ${named(version, name)}`),
    `${pending.length} pending${pending.length === 0 ? "" : ":"}`,
    ...few(pending.slice(0, shown)).map(({ version, name }) => `  down  ${named(version, name)}`),
    ...(pending.length > shown ? [`  and ${pending.length - shown} more`] : []),
    ...accepted.map(({ kind, words }) => `accepted, ${kind}: ${words}`),
    ...(startAfter === undefined ? [] : [startAfter]),
    ...(dryRun ? ["nothing was recorded (--dry-run)"] : []),
    "",
  ].join("\n");
}

function tenantsText(
  { repo, tool, table, accepted }: Adoption,
  { tenants, adopted, recorded, known, without }: TenantsAdopted,
  dryRun: boolean,
): string {
  const label = [ecto, ...histories].find((one) => one.tool === tool)?.label ?? tool;
  const done = dryRun ? "would record" : "recorded";
  return [
    `${repo}: ${done} the histories of ${adopted} of ${tenants} tenants from ${label} (${table} in each schema)`,
    ...few(Object.entries(recorded)).map(([version, count]) => `  up    ${version}, in ${count}`),
    ...(known === 0 ? [] : [`${known} known already`]),
    ...(without === 0 ? [] : [`${without} without a history`]),
    ...accepted.map(({ kind, words }) => `accepted, ${kind}: ${words}`),
    ...(dryRun ? ["nothing was recorded (--dry-run)"] : []),
    "",
  ].join("\n");
}

/** The last ones: the newest tell most. */
function few<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(-shown);
}

/** The text about the rows that the other tool's history gained or lost. */
export function backText(
  { repo, tool, table, written, removed }: AdoptionBack,
  { dryRun }: { readonly dryRun: boolean },
): string {
  const label = histories.find((one) => one.tool === tool)?.label ?? tool;
  const count = written.length + removed.length;
  const would = dryRun ? "would say" : "says";
  return [
    count === 0
      ? `${repo}: the history of ${label} (${table}) says it already`
      : `${repo}: the history of ${label} (${table}) ${would} what Slipway's says`,
    ...written.map(({ version, name }) => `  + ${named(version, name)}`),
    ...removed.map(({ version, name }) => `  - ${named(version, name)}`),
    ...(dryRun ? ["nothing was written (--dry-run)"] : []),
    "",
  ].join("\n");
}
