/** Health of a running app as a fetch-style handler, and in development a page for pending migrations. */
export { type HealthHandler, type HealthOptions, health } from "./health.ts";
export { nodeListener } from "./node-listener.ts";
