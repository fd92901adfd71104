/** Times and numbers as people read them. */
import { html, type Markup } from "./html.ts";

/** `340 ms`, `2.4 s`, `3 min 5 s`, `1 h 12 min`, `5 d 3 h`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1_000],
  ] as const;
  const first = units.findIndex(([, size]) => ms >= size);
  const [large, small] = [units[first], units[first + 1]];
  if (large === undefined || small === undefined) return `${Math.round(ms / 1_000)} s`;
  const most = Math.floor(ms / large[1]);
  const rest = Math.floor((ms - most * large[1]) / small[1]);
  return rest === 0 ? `${most} ${large[0]}` : `${most} ${large[0]} ${rest} ${small[0]}`;
}

/** A moment, exact for machines and for who points at it: `12 min ago`. */
export function moment(at: Date | undefined, now: number): Markup {
  if (at === undefined || Number.isNaN(at.getTime()))
    return html`<span class="quiet">time unknown</span>`;
  const iso = at.toISOString();
  const shown = `${iso.slice(0, 16).replace("T", " ")} UTC`;
  const ago = now - at.getTime();
  const words =
    ago < 1_000 ? "now" : `${span(ago < 60_000 ? Math.floor(ago / 1_000) * 1_000 : ago)} ago`;
  return html`<time datetime="${iso}" title="${shown}">${words}</time>`;
}

/** `Held for 4 min: replica b is 32000 ms behind, more than 10000 ms`. */
export function holdWords({
  reason,
  heldMs,
}: {
  readonly reason: string;
  readonly heldMs: number;
}) {
  return `Held for ${span(Math.floor(heldMs / 1_000) * 1_000)}: ${reason}`;
}

/** `12,345,678`. */
export function count(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** `1 migration`, `3 migrations`. */
export function many(number: number, one: string, several = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : several}`;
}

/** `12.4 MB`. */
export function bytes(number: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, number)) / 3));
  return `${Number((number / 1_000 ** at).toFixed(at === 0 ? 0 : 1))} ${units[at]}`;
}
