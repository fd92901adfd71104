import type { CompletionPlace } from "./shape.ts";

/**
 * A script for zsh: `source <(slipway completion zsh)`, after compinit. Where no word of Slipway
 * fits, it completes names of files.
 */
export function zsh(places: readonly CompletionPlace[]): string {
  const cases = places.map(({ behind, candidates }) => {
    const [first = "", second] = behind;
    const pattern =
      second === undefined ? `"${first} "${first === "" ? "" : "*"}` : `"${first} ${second}"`;
    const lines = candidates.map(({ word, words }) => `      ${quoted(`${word}:${words}`)}`);
    return `    ${pattern}) candidates=(\n${lines.join("\n")}\n    ) ;;`;
  });
  return `#compdef slipway
_slipway() {
  local -a plain candidates
  plain=(\${words[2,CURRENT-1]:#-*})
  case "$plain[1] $plain[2]" in
${cases.join("\n")}
  esac
  _describe -o slipway candidates || _files
}
compdef _slipway slipway
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
