/** Refusals to take over the history of another tool. */
import type { Catalogue } from "./entry.ts";
import { list } from "./words.ts";

export type AdoptErrors = {
  foreign_missing: { readonly repo: string; readonly known: readonly string[] };
  foreign_ambiguous: { readonly repo: string; readonly found: readonly string[] };
  foreign_locked: { readonly repo: string; readonly tool: string; readonly table: string };
  /** Why the other tool's history cannot be written again. */
  back_refused: { readonly repo: string; readonly tool: string; readonly reason: string };
  foreign_doubtful: {
    readonly repo: string;
    readonly tool: string;
    readonly doubts: readonly { readonly kind: string; readonly words: string }[];
  };
};

const shownOfAKind = 3;

export const adoptErrors: Catalogue<AdoptErrors> = {
  foreign_missing: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no history of ${list(d.known)}`,
    hint: () => "Name the tool with --from, and its table with --table if that has another name.",
  },
  foreign_ambiguous: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has more than one history: ${list(d.found)}`,
    hint: () => "Say which one with --from TOOL, and with --table if both are of one tool.",
  },
  foreign_locked: {
    exitCode: 3,
    message: (d) => `repo ${d.repo}: ${d.tool} holds its lock in ${d.table}`,
    hint: (d) => `Wait until it ends. If it died, set its row in ${d.table} back.`,
  },
  back_refused: {
    exitCode: 4,
    message: (d) => `repo ${d.repo} cannot go back to ${d.tool}: ${d.reason}`,
    hint: (d) => `Continue with Slipway, or write the history of ${d.tool} by hand.`,
  },
  foreign_doubtful: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: the history of ${d.tool} and the files here differ:\n${grouped(d.doubts)}`,
    hint: (d) => {
      const kinds = [...new Set(d.doubts.map(({ kind }) => kind))];
      return `Mend it, or answer for it: ${kinds.map((kind) => `--accept ${kind}`).join(" ")}`;
    },
  },
};

function grouped(doubts: AdoptErrors["foreign_doubtful"]["doubts"]): string {
  return [...Map.groupBy(doubts, ({ kind }) => kind)]
    .map(([kind, same]) => {
      const more = same.length - shownOfAKind;
      const shown = same.slice(0, shownOfAKind).map(({ words }) => `    ${words}`);
      return [
        `  ${kind} (${same.length}):`,
        ...shown,
        ...(more > 0 ? [`    and ${more} more`] : []),
      ].join("\n");
    })
    .join("\n");
}
