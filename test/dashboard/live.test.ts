/** How often pages that are open are made anew: by what that asks, and not by how many look. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { html } from "../../src/dashboard/html.ts";
import { Live } from "../../src/dashboard/live.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Follows pages for a minute, each of which asks so much, and gives how often each was made. */
async function minuteOf(pages: readonly string[], statements: number) {
  const cost = { statements: 0 };
  const made = new Map<string, number>();
  const live = new Live(async (page) => {
    cost.statements += statements;
    made.set(page, (made.get(page) ?? 0) + 1);
    return { title: "", nav: undefined, sections: [{ id: "a", content: html`${made.size}` }] };
  }, cost);
  const answers = pages.map((page) => live.follow(page));
  await vi.advanceTimersByTimeAsync(60_000);
  live.close();
  await Promise.all(answers.map((answer) => answer.text()));
  return { asked: cost.statements, made };
}

describe("pages that are open", () => {
  it("are made once a second where that asks little, however many look at the same", async () => {
    const { made } = await minuteOf(Array<string>(50).fill("now"), 1);
    expect(made.get("now")).toBeGreaterThanOrEqual(59);
    expect(made.get("now")).toBeLessThanOrEqual(61);
  });

  it.each([10, 30, 100])("of %i statements ask eight a second, all together", async (each) => {
    const { asked, made } = await minuteOf(["", "now", "backfills", "plan"], each);
    expect(made.size).toBe(4);
    // One look is at work when the minute begins.
    expect(asked).toBeLessThanOrEqual(8 * 60 + 4 * each);
    expect(asked).toBeGreaterThan(4 * each);
  });

  it("get nothing more where the browser takes nothing, and then the newest", async () => {
    let made = 0;
    const live = new Live(
      () => {
        made += 1;
        const content = html`${made}`;
        return Promise.resolve({ title: "", nav: undefined, sections: [{ id: "a", content }] });
      },
      { statements: 0 },
    );
    const reader = live.follow("now").body?.getReader();
    await vi.advanceTimersByTimeAsync(60_000);
    const parts: string[] = [];
    const take = async () => new TextDecoder().decode((await reader?.read())?.value);
    while (parts.length < 6) parts.push(await take());
    const newest = made + 1;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await take()).toContain(`>${newest}</div>`);
    live.close();
  });
});
