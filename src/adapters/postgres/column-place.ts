/**
 * Where a column stands: an existing table takes some foreign keys only as separate constraints.
 */
export type ColumnPlace = "new table" | "existing table";
