/** Where a column stands: an existing table takes some foreign keys only as constraints of their own. */
export type ColumnPlace = "new table" | "existing table";
