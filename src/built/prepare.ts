/** Replaces the compiler in a release whose migrations were compiled when it was built. */
export { meaningOf, phasedMigration, prepare } from "../core/plan/from-planned.ts";
