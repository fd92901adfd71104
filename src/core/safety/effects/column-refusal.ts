/** Why the server refuses a change of a column's default, identity or expression. */
import type { Tree } from "../../sql/tree.ts";
import { type CatalogColumn, shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";
import { baseType } from "./types.ts";

/** `undefined` for what it takes. */
export function columnRefusal(
  table: Table,
  column: CatalogColumn,
  { subtype, command }: { readonly subtype: string; readonly command: Tree },
  { catalog }: Scene,
): string | undefined {
  if (!table.known) return undefined;
  const named = `${column.name} of ${shown(table)}`;
  const isGenerated = column.default?.by === "generated";
  const isIdentity = column.isIdentity === true;
  switch (subtype) {
    case "AT_ColumnDefault":
      if (isGenerated) return `${named} is a generated column`;
      return isIdentity ? `${named} is an identity column` : undefined;
    case "AT_AddIdentity": {
      if (isIdentity) return `${named} is an identity column already`;
      if (column.default !== undefined) return `${named} has a default already`;
      const type = baseType(column.type, catalog).name;
      return /^int[248]$/.test(type) ? undefined : `${named} is no integer, as an identity must be`;
    }
    case "AT_DropIdentity":
    case "AT_SetIdentity":
      return isIdentity || command.missing_ok === true
        ? undefined
        : `${named} is no identity column`;
    case "AT_DropExpression":
      if (!isGenerated)
        return command.missing_ok === true ? undefined : `${named} is no generated column`;
      return column.stored === false ? `${named} is virtual, and has no values to keep` : undefined;
    default:
      return undefined;
  }
}
