import type { CompletionPlace } from "./shape.ts";

/**
 * A script for bash: `source <(slipway completion bash)`. Where no word of Slipway fits, it
 * completes names of files.
 */
export function bash(places: readonly CompletionPlace[]): string {
  const cases = places.map(({ behind, candidates }) => {
    const [first = "", second] = behind;
    const pattern =
      second === undefined ? `"${first} "${first === "" ? "" : "*"}` : `"${first} ${second}"`;
    return `    ${pattern}) candidates="${candidates.map(({ word }) => word).join(" ")}" ;;`;
  });
  return `_slipway() {
  local current=\${COMP_WORDS[COMP_CWORD]} candidates="" index
  local -a plain=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    [[ \${COMP_WORDS[index]} == -* ]] || plain+=("\${COMP_WORDS[index]}")
  done
  case "\${plain[0]} \${plain[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _slipway slipway
`;
}
