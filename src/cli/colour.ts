/** Whether to colour: on a terminal, unless the environment says otherwise. */

/** `FORCE_COLOR` decides when it is set; else colours need a terminal and no `NO_COLOR`, CI or dumb terminal. */
export function wantsColour(
  env: { readonly [variable: string]: string | undefined },
  stream: { readonly isTerminal: boolean },
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, CI: ci, TERM: terminal } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  return stream.isTerminal && !no && !ci && terminal !== "dumb";
}

/**
 * Whether a terminal makes links of the signs for them: others show the signs, or nothing. `FORCE_HYPERLINK` decides when
 * it is set. https://github.com/Alhadis/OSC8-Adoption
 */
export function wantsLinks(
  env: { readonly [variable: string]: string | undefined },
  stream: { readonly isTerminal: boolean },
): boolean {
  const { FORCE_HYPERLINK: force, TERM_PROGRAM: program = "", TERM: terminal = "" } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  if (!wantsColour(env, stream)) return false;
  return (
    /^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|zed)$/.test(program) ||
    /^(xterm-kitty|xterm-ghostty|foot|alacritty)/.test(terminal) ||
    env.WT_SESSION !== undefined ||
    Number(env.VTE_VERSION) >= 5_000 ||
    Number(env.KONSOLE_VERSION) >= 201_200
  );
}
