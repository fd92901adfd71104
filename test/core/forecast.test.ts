/** From heavy work and what is known of a table to a forecast, and to words. */
import { describe, expect, it } from "vitest";
import { type Forecast, forecast, forecastWords } from "../../src/core/safety/forecast/forecast.ts";
import type { HeavyWork } from "../../src/core/safety/forecast/heavy-work.ts";

const gigabyte = 1024 ** 3;
const known = { rows: 10_000_000, bytes: 4 * gigabyte, indexBytes: gigabyte, indexes: 2 };
const work = (does: HeavyWork["does"], more: Partial<HeavyWork> = {}): HeavyWork => ({
  ...{ does, table: "users", waits: "nobody", passes: 1 },
  ...more,
});

describe("a forecast", () => {
  it("reads the table as often as the work does, and writes what it makes", () => {
    const amounts = (one: HeavyWork) => {
      const { readBytes = 0, writeBytes = 0 } = forecast(one, known) ?? {};
      return [readBytes / gigabyte, writeBytes / gigabyte];
    };
    expect(amounts(work("scan"))).toEqual([4, 0]);
    expect(amounts(work("index"))).toEqual([4, 0.5]);
    expect(amounts(work("index", { passes: 2 }))).toEqual([8, 0.5]);
    expect(amounts(work("rewrite"))).toEqual([4, 5]);
  });

  it("is that of this server where it has done such work, and else that of servers in general", () => {
    const measured = [
      { does: "scan", rows: 1, bytes: gigabyte, durationMs: 4_000 },
      { does: "scan", rows: 1, bytes: gigabyte, durationMs: 8_000 },
      // Too short to tell anything.
      { does: "scan", rows: 1, bytes: 8_192, durationMs: 3 },
      { does: "index", rows: 1_000_000, bytes: gigabyte, durationMs: 10_000 },
    ] as const;
    expect(forecast(work("scan"), known, measured)).toMatchObject({
      ms: [8_000, 64_000],
      measured: 2,
    });
    expect(forecast(work("index"), known, measured)).toMatchObject({
      ms: [50_000, 200_000],
      measured: 1,
    });
    const general = forecast(work("rewrite"), known, measured);
    expect(general?.measured).toBe(0);
    expect(general!.ms[0]).toBeLessThan(general!.ms[1]);
    expect(forecast(work("scan"), { ...known, rows: 0 })).toBeUndefined();
  });
});

const at = (ms: readonly [number, number], more: Partial<Forecast> = {}): Forecast => ({
  ...{ does: "index", table: "users", waits: "nobody", rows: 38_000_000, passes: 1 },
  ...{ readBytes: 1, writeBytes: 0, ms, measured: 3 },
  ...more,
});

it.each([
  [at([200, 900]), "less than a second on about 38 million rows, nobody waits"],
  [at([200, 1_600]), "up to 2 seconds on about 38 million rows, nobody waits"],
  [at([20_000, 80_000]), "20 to 80 seconds on about 38 million rows, nobody waits"],
  [
    at([210_000, 250_000], { writeBytes: 5.1 * gigabyte }),
    "about 4 minutes on about 38 million rows, nobody waits; needs 5.1 GB of disk",
  ],
  [
    at([4e6, 4e7], { waits: "everybody" }),
    "1 to 11 hours on about 38 million rows, everybody waits",
  ],
  [
    at([1, 9e8], { waits: "writers", writeBytes: 900, measured: 0, rows: 1 }),
    "up to 10 days (as servers in general) on about 1 row, writers wait; needs 0.9 kB of disk",
  ],
])("is told in words: %#", (given, words) => {
  expect(forecastWords(given)).toBe(words);
});
