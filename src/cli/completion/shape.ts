/** The commands as a shell knows them, as data. */
import type { CommandEntry } from "../command.ts";
import { sharedFlags } from "../shared-flags.ts";

/** A word that can follow, and its meaning. */
export type Candidate = { readonly word: string; readonly words: string };

/** The words that can follow a command, or a group. */
export type CompletionPlace = {
  /** `["gen", "migration"]`; empty at the beginning. */
  readonly behind: readonly string[];
  readonly candidates: readonly Candidate[];
};

/** Every place: the longest first, so that the first one that fits is the one. */
export async function placesOf(
  commands: readonly CommandEntry[],
  groups: { readonly [group: string]: string },
): Promise<readonly CompletionPlace[]> {
  const ofCommands = await Promise.all(commands.map(placeOf));
  const firsts = Map.groupBy(commands, ({ name }) => name.split(" ")[0]!);
  const ofGroups = [...firsts]
    .filter(([first, [entry]]) => entry!.name !== first)
    .map(([first, entries]) => ({
      behind: [first],
      candidates: entries.map(({ name, words }) => ({ word: name.split(" ")[1]!, words })),
    }));
  const start = [...firsts].map(([word, [entry]]) => ({
    word,
    words: groups[word] ?? entry!.words,
  }));
  return [...ofCommands, ...ofGroups, { behind: [], candidates: start }].toSorted(
    (a, b) => b.behind.length - a.behind.length,
  );
}

async function placeOf({ name, load }: CommandEntry): Promise<CompletionPlace> {
  const { flags } = await load();
  const candidates = Object.values({ ...flags, ...sharedFlags(false) }).map(({ option }) => ({
    word: option.long,
    words: option.words,
  }));
  return { behind: name.split(" "), candidates };
}
