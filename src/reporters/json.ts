/** Events as JSON lines. */
import { redact } from "../core/model/redact.ts";
import type { Emit } from "../engine/events.ts";

/** A reporter that writes each event as one line of JSON, without passwords. */
export function json(options: { readonly write: (text: string) => void }): Emit {
  return (event) => options.write(`${JSON.stringify(event, withoutPasswords)}\n`);
}

function withoutPasswords(_: string, value: unknown): unknown {
  return typeof value === "string" ? redact(value) : value;
}
