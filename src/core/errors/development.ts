/** What only those see who develop, and what is not carried in a built release. */
import { buildErrors } from "./build.ts";
import { shadowErrors } from "./shadow.ts";

export type DevelopmentErrors = typeof buildErrors & typeof shadowErrors;

/** Is there in a built release only, where it is put in place of its name. */
declare const slipwayBuilt: true | undefined;

export const developmentErrors: DevelopmentErrors =
  typeof slipwayBuilt === "undefined"
    ? { ...buildErrors, ...shadowErrors }
    : ({} as DevelopmentErrors);
