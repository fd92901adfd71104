/** Health of a running app as a fetch-style handler, and in development a page for pending migrations. */
export { type HealthHandler, health } from "./health.ts";
export type { HealthOptions } from "./health-options.ts";
export { nodeListener } from "./node-listener.ts";
