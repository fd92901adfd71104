/** Recording constraints. */
import { givenName, withPrefix } from "../column.ts";
import { type ConstraintOptions, constraint } from "../constraint.ts";
import { IndexOperations } from "./indexes.ts";
import type { PrefixOption } from "./recorder.ts";

/** Constraints. */
export class ConstraintOperations extends IndexOperations {
  /**
   * `ALTER TABLE posts ADD CONSTRAINT name CHECK (…)`, or UNIQUE, EXCLUDE, PRIMARY KEY, FOREIGN KEY. On a table in use
   * take `addCheck`, `addUniqueConstraint` or `addForeignKey`.
   */
  createConstraint(table: string, name: string, options: ConstraintOptions & PrefixOption): void {
    const { prefix, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    this.record({
      kind: "create_constraint",
      table: owner,
      constraint: constraint(owner, name, rest as ConstraintOptions, this.context),
    });
  }

  /**
   * `ALTER TABLE posts DROP CONSTRAINT name`. `was` describes the constraint, which makes the drop
   * reversible.
   */
  dropConstraint(
    table: string,
    name: string,
    options: PrefixOption & {
      /** `IF EXISTS`. Default: `false`, which fails when it is not there. */
      readonly ifExists?: boolean;
      /** `CASCADE`: also drops everything that depends on it, which makes it irreversible. Default: `false`, which fails then. */
      readonly cascade?: boolean;
      /** The constraint as it was, which makes the drop reversible. */
      readonly was?: ConstraintOptions;
    } = {},
  ): void {
    const { prefix, was, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    const before = was === undefined ? {} : { was: constraint(owner, name, was, this.context) };
    this.record({
      kind: "drop_constraint",
      table: owner,
      name: givenName(name, this.context),
      ...rest,
      ...before,
    });
  }

  /** `ALTER TABLE posts RENAME CONSTRAINT a TO b`. */
  renameConstraint(
    table: string,
    name: string,
    options: PrefixOption & {
      /** The new name. */
      readonly to: string;
    },
  ): void {
    const to = givenName(options.to, this.context);
    this.record({
      kind: "rename_constraint",
      table: withPrefix(table, options, this.context),
      constraint: givenName(name, this.context),
      to,
    });
  }

  /**
   * `ALTER TABLE posts VALIDATE CONSTRAINT name`: checks the rows that were there before it was added with `validate:
   * false`.
   */
  validateConstraint(table: string, name: string, options: PrefixOption = {}): void {
    this.record({
      kind: "validate_constraint",
      table: withPrefix(table, options, this.context),
      name: givenName(name, this.context),
    });
  }
}
