/** Recording constraints. */
import { givenName, withPrefix } from "../column.ts";
import { type ConstraintOptions, constraint } from "../constraint.ts";
import { IndexOperations } from "./indexes.ts";
import type { PrefixOption } from "./recorder.ts";

/** Constraints. */
export class ConstraintOperations extends IndexOperations {
  createConstraint(table: string, name: string, options: ConstraintOptions & PrefixOption): void {
    const { prefix, ...rest } = options;
    const owner = withPrefix(table, { prefix }, this.context);
    this.record({
      kind: "create_constraint",
      table: owner,
      constraint: constraint(owner, name, rest as ConstraintOptions, this.context),
    });
  }

  dropConstraint(
    table: string,
    name: string,
    options: PrefixOption & {
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
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

  renameConstraint(
    table: string,
    name: string,
    options: PrefixOption & { readonly to: string },
  ): void {
    const to = givenName(options.to, this.context);
    this.record({
      kind: "rename_constraint",
      table: withPrefix(table, options, this.context),
      constraint: givenName(name, this.context),
      to,
    });
  }

  /** Checks the rows that were there before a constraint was added with `validate: false`. */
  validateConstraint(table: string, name: string, options: PrefixOption = {}): void {
    this.record({
      kind: "validate_constraint",
      table: withPrefix(table, options, this.context),
      name: givenName(name, this.context),
    });
  }
}
