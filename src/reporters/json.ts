/** Events as JSON lines. */
import type { Emit } from "../engine/events.ts";

/** A reporter that writes each event as one line of JSON. */
export function json(options: { readonly write: (text: string) => void }): Emit {
  return (event) => options.write(`${JSON.stringify(event)}\n`);
}
