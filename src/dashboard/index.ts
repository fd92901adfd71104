/** Pages that show what a release does to its databases, as a fetch-style handler to mount in your app. */
export { nodeListener } from "../http/node-listener.ts";
export { dashboard } from "./dashboard.ts";
export type {
  DashboardHandler,
  DashboardOptions,
  DashboardRelease,
  DashboardVisitor,
} from "./dashboard-options.ts";
