/** The default names of a history. */

/** The name that is used where nobody else does. */
export const usual = "schema_migrations";

/** The name that nobody else uses. */
export const elsewhere = "slipway_migrations";
