/** A state in a word and a colour: the word alone says it. */
import { html, type Markup } from "./html.ts";

/** How it is: `busy` is at work, `quiet` needs nobody. */
export type Tone = "good" | "warn" | "bad" | "busy" | "quiet";

export function statusWord(tone: Tone, words: string): Markup {
  return html`<span class="status ${tone}">${words}</span>`;
}
