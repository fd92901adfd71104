/** The portable column types. Any other string is passed to the database as it is. */
export type KnownColumnType =
  | "bigint"
  | "bigserial"
  | "binary"
  | "boolean"
  | "date"
  | "decimal"
  | "duration"
  | "float"
  | "id"
  | "identity"
  | "integer"
  | "json"
  | "map"
  | "naive_datetime"
  | "naive_datetime_usec"
  | "serial"
  | "smallint"
  | "string"
  | "text"
  | "time"
  | "time_usec"
  | "utc_datetime"
  | "utc_datetime_usec"
  | "uuid";

/** A portable type, an array of one (`"string[]"`), or whatever the database calls it (`"tsvector"`). */
export type ColumnType = KnownColumnType | `${KnownColumnType}[]` | (string & {});
