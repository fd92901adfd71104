/** What only those see who develop, and what is not carried in a built release. */
import { adoptErrors } from "./adopt.ts";
import { buildErrors } from "./build.ts";
import { catalogErrors } from "./catalog.ts";
import { checkErrors } from "./check.ts";
import { everydayErrors } from "./everyday.ts";
import { generatedErrors } from "./generated.ts";
import { layoutErrors } from "./layout.ts";
import { shadowErrors } from "./shadow.ts";

export type DevelopmentErrors = typeof adoptErrors &
  typeof buildErrors &
  typeof catalogErrors &
  typeof checkErrors &
  typeof everydayErrors &
  typeof generatedErrors &
  typeof layoutErrors &
  typeof shadowErrors;

/** Is there in a built release only, where it is put in place of its name. */
declare const slipwayBuilt: true | undefined;

export const developmentErrors: DevelopmentErrors =
  typeof slipwayBuilt === "undefined"
    ? {
        ...adoptErrors,
        ...buildErrors,
        ...catalogErrors,
        ...checkErrors,
        ...everydayErrors,
        ...generatedErrors,
        ...layoutErrors,
        ...shadowErrors,
      }
    : ({} as DevelopmentErrors);
