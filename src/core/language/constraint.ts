/** Makes a `Constraint` of the user's words. */

import type { Named } from "../model/named.ts";
import { givenName, withPrefix } from "./column.ts";
import { InvalidOperation, type RecordContext } from "./defaults.ts";
import type { Constraint, ReferentialAction } from "./table-parts.ts";

/** A foreign key over one or several columns: `FOREIGN KEY (columns) REFERENCES table (references)`. */
export type ForeignKeyConstraintOptions = {
  /** The columns of this table that refer. */
  readonly columns: readonly string[];
  /** The table that is referred to. */
  readonly table: string;
  /** Default: `["id"]`. */
  readonly references?: readonly string[];
  /** Default: the prefix of the referencing table. */
  readonly prefix?: string;
  /** `ON DELETE …`: what happens to a row when its parent goes. Default: `no action`. */
  readonly onDelete?: ReferentialAction;
  /** `ON UPDATE …`: what happens to a row when its parent's key changes. Default: `no action`. */
  readonly onUpdate?: ReferentialAction;
  /** `MATCH FULL`, `SIMPLE` or `PARTIAL`. Default: the database's, SIMPLE. */
  readonly match?: "full" | "simple" | "partial";
};

type Shared = { readonly comment?: string };

/** Only a check and a foreign key can have these options. */
type ValidateOption = {
  /** `false` adds it NOT VALID: new rows are checked, old ones only by `validateConstraint`. */
  readonly validate?: boolean;
};

/** Every kind but a check can have these options. */
type DeferrableOption = { readonly deferrable?: "initially immediate" | "initially deferred" };

type Kinds = {
  readonly check: string;
  readonly unique: readonly string[];
  readonly exclude: { readonly using: string; readonly elements: string; readonly where?: string };
  readonly foreignKey: ForeignKeyConstraintOptions;
  readonly primaryKey: readonly string[];
};

/** Only a unique constraint can have these options. */
type UniqueOptions = {
  /** `false`: nulls count as equal, so that a column has one at most. Default: `true`. */
  readonly nullsDistinct?: boolean;
  /** PostgreSQL: takes over this unique index instead of building one. */
  readonly usingIndex?: string;
};

type OnlyFor<Kind, Wanted, Options> = Kind extends Wanted
  ? Options
  : { readonly [Option in keyof Options]?: never };

type OneOf<All> = {
  [Kind in keyof All]: { readonly [Key in Kind]: All[Key] } & {
    readonly [Other in Exclude<keyof All, Kind>]?: never;
  } & OnlyFor<Kind, "unique", UniqueOptions> &
    OnlyFor<Kind, "check" | "foreignKey", ValidateOption> &
    OnlyFor<Kind, Exclude<keyof Kinds, "check">, DeferrableOption>;
}[keyof All];

/** Exactly one kind of constraint, with its options. */
export type ConstraintOptions = OneOf<Kinds> & Shared;

/** @throws {InvalidOperation} when it is of no kind or of two. */
export function constraint(
  table: Named,
  name: string,
  options: ConstraintOptions,
  context: RecordContext,
): Constraint {
  const { check, unique, exclude, foreignKey, primaryKey, nullsDistinct, usingIndex, ...shared } =
    options;
  const given = Object.entries({ check, unique, exclude, foreignKey, primaryKey }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length !== 1) {
    const reason =
      given.length === 0
        ? "a constraint must have a check, unique, exclude, foreignKey or primaryKey option"
        : `a constraint must not have both ${given.map(([kind]) => kind).join(" and ")} options`;
    throw new InvalidOperation(reason, { hint: `Give constraint ${name} one of them.` });
  }
  const base = { name: givenName(name, context), ...shared };
  if (check !== undefined) return { kind: "check", ...base, expression: check };
  if (exclude !== undefined) return { kind: "exclude", ...base, ...exclude };
  if (unique !== undefined)
    return { kind: "unique", ...base, columns: unique, nullsDistinct, usingIndex };
  if (primaryKey !== undefined) return { kind: "primary_key", ...base, columns: primaryKey };
  return foreignKeyConstraint(table, base, foreignKey as ForeignKeyConstraintOptions, context);
}

function foreignKeyConstraint(
  owner: Named,
  base: Shared & ValidateOption & DeferrableOption & { readonly name: string },
  options: ForeignKeyConstraintOptions,
  context: RecordContext,
): Constraint {
  const { columns, table, references = ["id"], prefix = owner.prefix, ...rest } = options;
  return {
    kind: "foreign_key",
    ...base,
    columns,
    references: {
      table: withPrefix(table, { prefix }, { ...context, prefix: undefined }),
      columns: references,
    },
    ...rest,
  };
}
