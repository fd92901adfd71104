/** Which objects say a name. */
import type { SchemaObject } from "../catalog/catalog.ts";

/** Whether a text says the name as a word. One that only looks like it does no harm. */
export function names(text: string, name: string): boolean {
  const escaped = name.replace(/[^\w]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}

/** All that an object says. */
export function textOf(object: SchemaObject): string {
  return "definition" in object ? object.definition : JSON.stringify(object);
}
