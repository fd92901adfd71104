import type { CompletionPlace } from "./shape.ts";

/** A script for fish: `slipway completion fish | source`. */
export function fish(places: readonly CompletionPlace[]): string {
  const lines = places.flatMap(({ behind, candidates }) =>
    candidates.map(({ word, words }) => {
      const when = `-n ${quoted(`__slipway_behind ${behind.join(" ")}`.trim())}`;
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c slipway ${when} ${what} -d ${quoted(words)}`;
    }),
  );
  return `function __slipway_behind
    set -l plain (string match -v -- '-*' (commandline -opc)[2..])
    test (count $argv) -eq 0; and test (count $plain) -gt 0; and return 1
    for index in (seq (count $argv))
        test "$plain[$index]" = "$argv[$index]"; or return 1
    end
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
