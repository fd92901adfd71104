/** What adopting came to, in words. */
import { named } from "../core/model/errors/words.ts";
import { histories } from "../histories/index.ts";
import type { Adoption } from "../release/adopt.ts";

const shown = 5;

/** A line for what is recorded, the newest of it, what is pending and what was answered for. */
export function adoptText(adoption: Adoption, { dryRun }: { readonly dryRun: boolean }): string {
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
    ...(dryRun ? ["nothing was recorded (--dry-run)"] : []),
    "",
  ].join("\n");
}

/** The last ones: the newest tell most. */
function few<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(-shown);
}
