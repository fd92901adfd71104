/** What a history is called where a repo does not say it. */

/** The name that is used where nobody else does. */
export const usual = "schema_migrations";

/** The name that nobody else uses. */
export const elsewhere = "slipway_migrations";
