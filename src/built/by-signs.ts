/**
 * Replaces the histories of other tools in a built release, which only recognizes them and reads
 * none.
 */
export { findBySigns, tablesOf } from "../histories/by-signs.ts";
