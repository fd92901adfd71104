/** Events of runs as messages in Slack. */
import type { OnEvent, ToldEvent } from "../engine/told-event.ts";
import { terminal } from "../reporters/terminal.ts";
import { type Delivery, deliverer } from "./deliver.ts";
import { type EventChoice, wants } from "./wants.ts";
import { type TextSource, textOf } from "./webhook.ts";

/** The options of `slack`. */
export type SlackOptions = EventChoice & {
  /** The address of an incoming webhook. Nothing is sent where a function gives `undefined` or an empty text. */
  readonly webhookUrl: TextSource;
};

const longestText = 3_000;

/** Sends each event as a line to a channel of Slack, for `onEvent` of a release. */
export function slack(options: SlackOptions): OnEvent {
  const send = deliverer({ timeoutMs: 2_000, tries: 3 });
  return (told, { signal }) => {
    if (!wants(options, told)) return undefined;
    const url = textOf(options.webhookUrl);
    return url === "" ? undefined : send(() => message(told, url), signal);
  };
}

function message(told: ToldEvent, url: string): Delivery {
  const { app, version, host } = told;
  const release = [app, version].filter(Boolean).join(" ");
  const line = lineOf(told).slice(0, longestText).toWellFormed();
  const text = escaped(`${line}\n${release} on ${host}, repo ${repoOf(told)}`);
  const body = JSON.stringify({ text });
  return { url, body, headers: { "content-type": "application/json" } };
}

function lineOf({ event }: ToldEvent): string {
  let line = "";
  terminal({
    write: (text) => {
      line = text.trimEnd();
    },
  })(event);
  return line || event.type;
}

function repoOf({ event }: ToldEvent): string {
  return "migration" in event ? event.migration.repo : event.repo;
}

/**
 * Escapes the characters that Slack would read as a link, a mention or an entity.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
