/** Who may do what with a schema, as statements. */
import type { Session } from "../adapters/adapter.ts";
import type { SchemaCatalog } from "../core/catalog/catalog.ts";

/** Whether something left out of a dump is a right. */
export function isRight(name: string): boolean {
  return name.startsWith("default privileges ");
}

/**
 * The grants on these objects, and the rights on objects that are made later; none where the
 * database cannot say. Not inside a transaction.
 */
export async function rightsOn(
  session: Session,
  { objects }: Pick<SchemaCatalog, "objects">,
): Promise<readonly string[]> {
  const access = await session.dialect.catalog?.();
  const rights = (await access?.rights?.((sql) => session.query(sql))) ?? [];
  const there = new Set(objects.map(({ id }) => id));
  return rights
    .filter(({ object }) => object === undefined || there.has(object))
    .map(({ sql }) => sql);
}
