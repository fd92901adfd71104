/** The flags that every command has. */
import { type FlagSet, flag, value } from "./flags.ts";
import { path } from "./parse.ts";

/** Nothing but data and errors. */
export const quietFlag = flag("-q, --quiet", "no lines about what runs");
/** Everything. */
export const verboseFlag = flag(
  "-v, --verbose",
  "show the SQL of the migrations, and where an error comes from",
);

/** What shows a page of help in place of running. */
export const help = flag("-h, --help", "show this");

/** A built release has its release file inside. */
export function sharedFlags(built: boolean): FlagSet {
  return {
    ...(built ? {} : { release: value("--release <path>", "the release file", path) }),
    quiet: quietFlag,
    verbose: verboseFlag,
    json: flag("--json", "one JSON document on stdout"),
  };
}
