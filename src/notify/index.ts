/** Tells others of runs: listeners for `onEvent` of a release. */
export type { OnEvent, ToldEvent } from "../engine/told-event.ts";
export { type SlackOptions, slack } from "./slack.ts";
export type { EventName } from "./wants.ts";
export { type WebhookOptions, webhook } from "./webhook.ts";
