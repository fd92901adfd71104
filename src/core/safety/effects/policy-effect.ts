import type { CatalogColumn, CatalogConstraint, Table } from "./catalog.ts";

/** Effects that only the opt-in tier looks at. */
export type PolicyEffect =
  | {
      readonly kind: "timeout missing";
      readonly setting: "lock_timeout" | "statement_timeout";
      readonly table: Table;
    }
  | {
      readonly kind: "column defined";
      readonly table: Table | undefined;
      readonly column: CatalogColumn;
      readonly written: string;
      readonly isKey: boolean;
    }
  | { readonly kind: "enum created"; readonly name: string }
  | {
      readonly kind: "enum value placed";
      readonly name: string;
      readonly value: string;
      readonly placed: boolean;
    }
  | { readonly kind: "not null dropped"; readonly table: Table; readonly column: string }
  | { readonly kind: "name too long"; readonly name: string }
  | { readonly kind: "invalid index kept"; readonly index: string }
  | {
      readonly kind: "foreign key made";
      readonly table: Table;
      readonly constraint: CatalogConstraint;
      readonly mismatch?: string | undefined;
    }
  | {
      readonly kind: "foreign key unindexed";
      readonly table: Table;
      readonly constraint: CatalogConstraint;
    }
  | { readonly kind: "altered again"; readonly table: Table }
  | { readonly kind: "unqualified"; readonly name: string }
  | { readonly kind: "not repeatable"; readonly words: string; readonly fix: string }
  | { readonly kind: "trigger changed"; readonly table: Table; readonly words: string }
  | { readonly kind: "opaque code"; readonly words: string }
  | { readonly kind: "domain constrained"; readonly name: string };
