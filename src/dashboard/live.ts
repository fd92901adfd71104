/**
 * Sends changes to the pages that are open. All of them share one look, which paces itself by the
 * statements that it sends.
 */
import { eventsAnswer } from "./answers.ts";
import { wrongOf } from "./facts.ts";
import { type PageView, sectionOf } from "./layout.ts";
import type { Cost } from "./patient-adapter.ts";

/** Between two looks that ask little. */
const restMs = 1_000;
/**
 * All databases together get at most this many statements a second, however many pages are open.
 */
const statementsPerSecond = 8;
/** A stream ends after this, and the browser asks again: whoever may no longer look is sent away then. */
const streamMs = 5 * 60_000;
/** More streams are refused, and those pages say that they are not live. */
const mostStreams = 200;
/** A browser that has not taken this many events gets no more: a laptop that sleeps would fill the memory of the app. */
const mostUntaken = 4;
/** A proxy ends a connection that is silent. */
const aliveMs = 15_000;

type Stream = {
  readonly page: string;
  /** The text that this page shows, by section. */
  readonly shown: Map<string, string>;
  readonly send: (text: string) => void;
  /** Whether the browser has not taken what it was sent: it gets no more until then, and afterwards the newest. */
  readonly isBehind: () => boolean;
  readonly end: () => void;
  readonly since: number;
  lastAt: number;
};

/** Makes a page anew. */
type Render = (page: string) => Promise<PageView>;

export class Live {
  readonly #render: Render;
  readonly #cost: Cost;
  readonly #streams = new Set<Stream>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(render: Render, cost: Cost) {
    this.#render = render;
    this.#cost = cost;
  }

  /** Events of one page, until the browser leaves it. */
  follow(page: string): Response {
    if (this.#streams.size >= mostStreams) return new Response(null, { status: 503 });
    let left = (): void => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const stream = this.#streamOf(page, controller);
        left = () => void this.#streams.delete(stream);
        this.#streams.add(stream);
        stream.send("retry: 2000\n\n");
        this.#soon(0);
      },
      cancel: () => left(),
    });
    return eventsAnswer(body);
  }

  /** Ends every stream. */
  close(): void {
    clearTimeout(this.#timer);
    for (const stream of this.#streams) stream.end();
  }

  #streamOf(page: string, controller: ReadableStreamDefaultController<Uint8Array>): Stream {
    const encoder = new TextEncoder();
    const now = performance.now();
    const stream: Stream = {
      page,
      shown: new Map(),
      since: now,
      lastAt: now,
      isBehind: () => (controller.desiredSize ?? 0) < -mostUntaken,
      send: (text) => {
        try {
          controller.enqueue(encoder.encode(text));
          stream.lastAt = performance.now();
        } catch {
          this.#streams.delete(stream);
        }
      },
      end: () => {
        this.#streams.delete(stream);
        try {
          controller.close();
        } catch {
          // The browser was quicker.
        }
      },
    };
    return stream;
  }

  #soon(ms: number): void {
    if (this.#isLooking || this.#streams.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const before = this.#cost.statements;
    const now = performance.now();
    for (const stream of this.#streams) if (now - stream.since > streamMs) stream.end();
    for (const page of new Set([...this.#streams].map((stream) => stream.page)))
      await this.#refresh(page);
    for (const stream of this.#streams)
      if (performance.now() - stream.lastAt > aliveMs && !stream.isBehind())
        stream.send(": still here\n\n");
    this.#isLooking = false;
    const asked = this.#cost.statements - before;
    this.#soon(Math.max(restMs, (asked / statementsPerSecond) * 1_000));
  }

  async #refresh(page: string): Promise<void> {
    const streams = [...this.#streams].filter(
      (stream) => stream.page === page && !stream.isBehind(),
    );
    try {
      const { sections } = await this.#render(page);
      const texts = sections.map((section) => [section.id, String(sectionOf(section))] as const);
      for (const stream of streams) {
        const changed = texts.filter(([id, text]) => stream.shown.get(id) !== text);
        for (const [id, text] of changed) stream.shown.set(id, text);
        if (changed.length > 0) stream.send(eventOf("sections", changed));
      }
    } catch (error) {
      const words = `Not live: ${wrongOf(error).message}`.slice(0, 200);
      for (const stream of streams) stream.send(eventOf("away", words));
    }
  }
}

function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
