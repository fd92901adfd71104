/** Where in a migration's file a call stands. */

/**
 * The line of the topmost call from the file with this id, which is its name without ending.
 * `undefined` when no such file is in the stack, as in a bundle without source maps.
 */
export function lineInStack(id: string, stack: string | undefined): number | undefined {
  for (const frame of stack?.split("\n") ?? []) {
    const [, name, line] = /([^/\\(]+)\.[cm]?[jt]s(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame) ?? [];
    if (name === id) return Number(line);
  }
  return undefined;
}
