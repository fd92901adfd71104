/** What stands for the histories of other tools in a built release, which has to know one and reads none. */
export { findBySigns, tablesOf } from "../histories/by-signs.ts";
