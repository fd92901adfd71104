/** A world whose events and output can be looked at. */
import type { RunEvent } from "../../src/engine/events.ts";
import type { World } from "../../src/release/world.ts";
import { terminal } from "../../src/reporters/terminal.ts";

/** Hears everything: as events, and as the lines that a terminal would show. */
export function recorder(): {
  readonly events: RunEvent[];
  readonly lines: string[];
  readonly output: string[];
  readonly world: Partial<World>;
} {
  const events: RunEvent[] = [];
  const lines: string[] = [];
  const output: string[] = [];
  const show = terminal({ write: (text) => lines.push(text.trimEnd()) });
  const emit = (event: RunEvent) => {
    events.push(event);
    show(event);
  };
  return { events, lines, output, world: { emit, write: (text) => output.push(text) } };
}
