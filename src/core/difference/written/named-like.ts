/** Objects by the names that another catalog has for them, where a database takes no heed of the case of a name. */
import type { SchemaCatalog, SchemaObject } from "../../catalog/catalog.ts";
import { compareIds } from "../../catalog/order.ts";
import type { WrittenWords } from "./words.ts";

/** `table Posts` is `table posts` where the other has that. An object's own text stays the same. */
export function namedLike(
  catalog: SchemaCatalog,
  other: SchemaCatalog,
  { folded }: Pick<WrittenWords, "folded">,
): SchemaCatalog {
  const ids = new Map(other.objects.map(({ id }) => [folded(id), id]));
  const like = (id: string) => ids.get(folded(id)) ?? id;
  const likeTable = (name: string) => {
    const id = ["table", "view"].map((of) => ids.get(folded(`${of} ${name}`))).find(Boolean);
    return id === undefined ? name : id.slice(id.indexOf(" ") + 1);
  };
  const objects = catalog.objects.map((object): SchemaObject => {
    if (object.kind !== "written") return object;
    const table = { ...object.table, name: likeTable(object.table.name) };
    return { ...object, id: like(object.id), table, needs: object.needs.map(like) };
  });
  return { ...catalog, objects: objects.sort((a, b) => compareIds(a.id, b.id)) };
}
