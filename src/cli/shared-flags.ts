/** The flags that every command has. */
import { type FlagSet, flag, value } from "./flags.ts";
import { path } from "./parse.ts";

/** Nothing but data and errors. */
export const quietFlag = flag("-q, --quiet", "print only data and errors");
/** Everything. */
export const verboseFlag = flag(
  "-v, --verbose",
  "show the SQL of the migrations, and stack traces",
);

/** The flag that shows a page of help instead of running. */
export const help = flag("-h, --help", "show this help");

/** A built release has its release file inside. */
export function sharedFlags(built: boolean): FlagSet {
  return {
    ...(built ? {} : { release: value("--release <path>", "the release file", path) }),
    quiet: quietFlag,
    verbose: verboseFlag,
    json: flag("--json", "print one JSON document on stdout"),
  };
}
