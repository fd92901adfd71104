/** Reads, as facts of a query, the objects that have a name and a separate statement. */

/** The begin of a `json_build_object`, whose comment and end are still to come. */
export const plain = (
  kind: string,
  { label, definition, after = "NULL" }: { label: string; definition: string; after?: string },
) =>
  `json_build_object('kind', '${kind}', 'label', ${label}, 'definition', ${definition}, 'after', ${after}`;

/** Leaves out the objects of an extension, and those that another object has made inside. */
export const unlessMember = (classOf: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e_ WHERE e_.classid = '${classOf}'::regclass AND e_.objid = ${oid} AND e_.deptype IN ('e', 'i'))`;
