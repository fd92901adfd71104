/**
 * Finds the kinds of objects that a database has. Planning takes most of the time of reading a
 * schema, so Slipway does not ask for kinds of which there is none.
 */
import { firstOwn } from "./first-own.ts";
import { unlessMember } from "./plain-sql.ts";

const own = (classOf: string, more = "") =>
  `EXISTS (SELECT FROM ${classOf} o WHERE o.oid >= ${firstOwn}${more === "" ? "" : ` AND ${more}`})`;
const any = (classOf: string, where = "") => `EXISTS (SELECT FROM ${classOf}${where})`;

const conditions = {
  extension: own("pg_extension"),
  collation: own("pg_collation"),
  statistics: any("pg_statistic_ext"),
  event_trigger: any("pg_event_trigger"),
  publication: any("pg_publication"),
  cast: own("pg_cast"),
  type: `${own("pg_type", "o.typtype IN ('e', 'd', 'r')")} OR ${own("pg_class", "o.relkind = 'c'")}`,
  sequence: any("pg_sequence"),
  view: own("pg_class", "o.relkind IN ('v', 'm')"),
  routine: own("pg_proc"),
  trigger: `${any("pg_trigger", " WHERE NOT tgisinternal")} OR ${own("pg_rewrite", "o.rulename <> '_RETURN'")}`,
  policy: any("pg_policy"),
  left: `${own("pg_type", "(o.typtype = 'b' AND o.typelem = 0 OR o.typtype = 'p')")} OR ${own("pg_operator", "o.oprcode = 0")}
    OR ${any("pg_user_mappings")} OR ${any("pg_subscription")} OR ${any("pg_default_acl")}`,
  rare: [
    ...[
      "pg_operator",
      "pg_opfamily",
      "pg_opclass",
      "pg_conversion",
      "pg_ts_config",
      "pg_ts_dict",
      "pg_ts_parser",
      "pg_ts_template",
      "pg_language",
      "pg_am",
      "pg_foreign_data_wrapper",
      "pg_transform",
    ].map((classOf) => own(classOf, unlessMember(classOf, "o.oid"))),
    any("pg_foreign_server"),
    any("pg_class", " WHERE relkind = 'f'"),
  ].join("\n    OR "),
} as const;

/** A kind that some databases have none of. */
export type SomeKind = keyof typeof conditions;

/** Their names, with commas between them. */
export const thereSql = `concat_ws(',', ${Object.entries(conditions)
  .map(([kind, condition]) => `CASE WHEN ${condition} THEN '${kind}' END`)
  .join(",\n  ")})`;

/** All of them. */
export const someKinds: ReadonlySet<string> = new Set(Object.keys(conditions));
