import type { Release } from "../index.ts";

/** What is needed of a release. */
export type HealthRelease = Pick<Release, "app" | "readiness" | "migrate" | "using">;
