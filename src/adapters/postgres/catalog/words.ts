/** The smallest pieces of the text. */
import type { SchemaObject } from "../../../core/catalog/catalog.ts";
import { literal } from "../literal.ts";
import { quote, quoteNamed } from "../sql-text.ts";

export { quote, quoteNamed };

/** A string as the server reads it whatever `standard_conforming_strings` is. */
export const text = (value: string): string => literal(value);

/** The object of a comment, in SQL's words. */
export function labelOf(object: SchemaObject): string {
  switch (object.kind) {
    case "table":
    case "sequence":
    case "index":
    case "domain":
      return `${object.kind.toUpperCase()} ${quoteNamed(object.named)}`;
    case "enum":
    case "composite":
    case "range":
      return `TYPE ${quoteNamed(object.named)}`;
    case "view":
      return `${object.materialized ? "MATERIALIZED VIEW" : "VIEW"} ${quoteNamed(object.named)}`;
    case "routine": {
      const none = object.of === "aggregate" && object.arguments === "";
      return `${object.of.toUpperCase()} ${quoteNamed(object.named)}(${none ? "*" : object.arguments})`;
    }
    case "constraint":
    case "trigger":
    case "rule":
    case "policy":
      return `${object.kind.toUpperCase()} ${quote(object.name)} ON ${quoteNamed(object.table)}`;
    case "written":
      return object.id;
    default:
      return object.label;
  }
}

export function commentOn(label: string, comment: string | undefined): readonly string[] {
  return comment === undefined ? [] : [`COMMENT ON ${label} IS ${text(comment)}`];
}

/** `a = 1, b = 2` in parentheses, or nothing. */
export function inParentheses(items: readonly string[], before = ""): string {
  return items.length === 0 ? "" : `${before}(${items.join(", ")})`;
}

/** Gives it this comment and no other; nothing takes the one that is there away. */
export function setComment(label: string, comment: string | undefined): string {
  return `COMMENT ON ${label} IS ${comment === undefined ? "NULL" : text(comment)}`;
}
