/** Keeps passwords out of all output. */
import { redact } from "../core/model/redact.ts";

/** Plain data with `***` for every password inside a text of it. */
export function redactAll(value: unknown): unknown {
  const plain = plainOf(value);
  if (typeof plain === "string") return redact(plain);
  if (Array.isArray(plain)) return plain.map(redactAll);
  if (typeof plain !== "object" || plain === null) return plain;
  const entries = Object.entries(plain);
  return Object.fromEntries(entries.map(([key, inner]) => [key, redactAll(inner)]));
}

function plainOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("toJSON" in value)) return value;
  return typeof value.toJSON === "function" ? value.toJSON() : value;
}
