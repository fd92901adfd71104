/** Drops an object, when nothing needs it any more. */
import type { SchemaObject } from "../../../core/catalog/catalog.ts";
import { labelOf, quote, quoteNamed } from "./words.ts";

export function dropStatements(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "constraint":
      // That of a partition goes with that of its parent.
      return object.partOf === undefined
        ? [`ALTER TABLE ${quoteNamed(object.table)} DROP CONSTRAINT ${quote(object.name)}`]
        : [];
    case "index":
      return object.partOf === undefined ? [`DROP ${labelOf(object)}`] : [];
    case "schema":
      return object.id === "schema public" ? [] : [`DROP ${object.label}`];
    case "written":
      return [];
    default:
      return [`DROP ${labelOf(object)}`];
  }
}
