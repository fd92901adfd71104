/** Facts of what has a name and a statement of its own, as a query gives them. */

/** The begin of a `json_build_object`, whose comment and end are still to come. */
export const plain = (
  kind: string,
  { label, definition, after = "NULL" }: { label: string; definition: string; after?: string },
) =>
  `json_build_object('kind', '${kind}', 'label', ${label}, 'definition', ${definition}, 'after', ${after}`;

/** What neither an extension has brought along nor another object has made inside. */
export const unlessMember = (classOf: string, oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend e_ WHERE e_.classid = '${classOf}'::regclass AND e_.objid = ${oid} AND e_.deptype IN ('e', 'i'))`;
