import type { Release } from "../index.ts";

/** The parts of a release that `health` uses. */
export type HealthRelease = Pick<Release, "app" | "readiness" | "migrate" | "using">;
