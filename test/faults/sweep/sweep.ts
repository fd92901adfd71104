/** Kills one case at each of its boundaries, runs it again, and compares. */
import { isReleaseError } from "../../../src/index.ts";
import type { SweepCase } from "./cases.ts";
import { type Ground, type Place, type State, stateOf } from "./place.ts";
import { releaseOf, runCase, type SweepDirection } from "./release-of.ts";
import type { Sender, StopAt } from "./wire-proxy.ts";

export type SweepOptions = {
  readonly ground: Ground;
  readonly one: SweepCase;
  readonly direction: SweepDirection;
  /** Every boundary, or one of so many. */
  readonly every: number;
  /** How many boundaries are tried at the same time. */
  readonly atOnce: number;
};

export type SweepResult = {
  /** How many boundaries a run has, at how many of them it was to be killed, and at how many it was. */
  readonly boundaries: number;
  readonly tried: number;
  readonly killed: number;
  /** How often the run after the kill needed a person. */
  readonly marks: number;
  /** What was wrong afterwards, with the boundary. */
  readonly wrong: readonly string[];
};

export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const { ground, one, direction, every, atOnce } = options;
  const prepared = await ground.prepare(one, direction);
  try {
    const { golden, messages } = await undisturbed(options, await prepared.fresh());
    const boundaries = boundariesOf(messages);
    const left = boundaries.filter((_, i) => i % every === Math.floor(every / 2));
    const tried: Tried[] = [];
    const worker = async () => {
      for (let at = left.shift(); at !== undefined; at = left.shift())
        tried.push(await tryBoundary(at, golden, options, await prepared.fresh()));
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return {
      boundaries: boundaries.length,
      tried: tried.length,
      killed: tried.filter(({ killed }) => killed).length,
      marks: tried.reduce((sum, { marks }) => sum + marks, 0),
      wrong: tried.flatMap(({ wrong }) => wrong),
    };
  } finally {
    await prepared.drop();
  }
}

/**
 * Before each message; and after each that goes to the server, which then works on it for nobody.
 * What comes from the server changes nothing there, so after it is before the next.
 */
function boundariesOf(messages: readonly Sender[]): StopAt[] {
  return messages.flatMap((from, i) => {
    const before: StopAt = { message: i + 1, when: "before" };
    return from === "server" ? [before] : [before, { ...before, when: "after" }];
  });
}

async function undisturbed(
  options: SweepOptions,
  place: Place,
): Promise<{ readonly golden: State; readonly messages: readonly Sender[] }> {
  const { messages, failed } = await options.ground.run(options, place, undefined);
  if (failed) throw new Error(`the run that nothing disturbs failed: ${options.one.name}`);
  const golden = await seen(options, place);
  await place.drop();
  return { golden, messages };
}

type Tried = {
  readonly killed: boolean;
  readonly marks: number;
  readonly wrong: readonly string[];
};

async function tryBoundary(
  at: StopAt,
  golden: State,
  options: SweepOptions,
  place: Place,
): Promise<Tried> {
  const { ground, one, direction } = options;
  const where = `${one.name}, ${direction}, ${at.when} message ${at.message}`;
  const { killed } = await ground.run(options, place, at);
  try {
    const marks = await goOn(options, place);
    const differences = differencesOf(await seen(options, place), golden);
    return { killed, marks, wrong: differences.map((what) => `${where}: ${what}`) };
  } catch (error) {
    const words = isReleaseError(error) ? `${error.code}: ${error.message}` : String(error);
    return { killed, marks: 0, wrong: [`${where}: ${words}`] };
  } finally {
    await place.drop();
  }
}

function seen({ one }: SweepOptions, { adapter, url }: Place): Promise<State> {
  return stateOf(adapter, url.split("/").at(-1) ?? "", one.data);
}

/** Runs it again without a fault. An opaque case may ask once; then its own trace says what to answer. */
async function goOn({ one, direction }: SweepOptions, place: Place): Promise<number> {
  try {
    await runCase(one, place.adapter, direction);
    return 0;
  } catch (error) {
    if (!isReleaseError(error) || error.code !== "statement_interrupted" || !one.opaque)
      throw error;
    const done = (await place.query(one.opaque[direction])).length > 0;
    await releaseOf(one, place.adapter).mark("main", 1, { as: done ? "done" : "again" });
    await runCase(one, place.adapter, direction);
    return 1;
  }
}

function differencesOf(state: State, golden: State): readonly string[] {
  return (Object.keys(golden) as (keyof State)[])
    .filter((part) => canonical(state[part]) !== canonical(golden[part]))
    .map((part) => `${part} is ${canonical(state[part])}, should be ${canonical(golden[part])}`);
}

/** With its keys in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
