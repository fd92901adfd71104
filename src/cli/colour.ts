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
