import type { databaseTypes } from "./database-types.ts";

/** The portable column types. */
export const portableTypes = [
  "bigint",
  "bigserial",
  "binary",
  "boolean",
  "date",
  "decimal",
  "duration",
  "float",
  "id",
  "identity",
  "integer",
  "json",
  "map",
  "naive_datetime",
  "naive_datetime_usec",
  "serial",
  "smallint",
  "string",
  "text",
  "time",
  "time_usec",
  "utc_datetime",
  "utc_datetime_usec",
  "uuid",
] as const;

/** Any of the portable column types. */
export type KnownColumnType = (typeof portableTypes)[number];

/**
 * Names of types of your own, enums and domains, for whoever wants the compiler to know them:
 * `declare module "slipway" { interface CustomTypes { post_status: true } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by whoever uses it
export interface CustomTypes {}

/** A type by its name. */
type TypeName = KnownColumnType | (typeof databaseTypes)[number] | keyof CustomTypes;

/**
 * The types that a migration may write: a portable one; one of a database (`"tsvector"`,
 * `"numeric(10, 2)"`); one of your own by `CustomTypes`, with its schema (`"public.post_status"`)
 * or in quotes (`'"post_status"'`); and a list of any (`"string[]"`). Anything else is a slip.
 */
export type WrittenType = WrittenItem | `${WrittenItem}[]`;
type WrittenItem =
  | TypeName
  | `${string}(${string})${string}`
  | `${string}.${string}`
  | `"${string}"`;

/** A portable type, an array of one (`"string[]"`), or whatever the database calls it (`"tsvector"`). */
export type ColumnType = KnownColumnType | `${KnownColumnType}[]` | (string & {});
