/**
 * `status --watch`: looks again and again, and shows the status in one place, or line by line
 * without a terminal.
 */
import { ReleaseError } from "../core/model/errors.ts";
import type { StatusOptions } from "../release/options.ts";
import { sleep } from "../release/sleep.ts";
import { asTyped } from "./as-typed.ts";
import type { CommandContext, Ending } from "./command.ts";
import { failureText } from "./failure.ts";

/** Between two looks. */
const pauseMs = 2_000;

/**
 * Ends only on a signal, which is no mistake. If a database does not answer, it looks again.
 *
 * @throws {ReleaseError} `usage_invalid` with `--json`
 */
export async function watchStatus(
  options: StatusOptions,
  { release: find, world, json, built, name, commands }: CommandContext,
): Promise<Ending> {
  if (json) {
    throw new ReleaseError("usage_invalid", {
      reason: "--watch is for people, and --json gives one document",
      hint: "Run status --json again and again.",
    });
  }
  const { signal, redraw, write } = world;
  let shown = "";
  let text = "";
  const release = (await find()).using({
    write: (part) => {
      text += built ? asTyped(part, { name, commands }) : part;
    },
  });
  while (!signal.aborted) {
    text = "";
    try {
      await release.migrationStatus(options);
    } catch (error) {
      if (signal.aborted) break;
      text += `\n${failureText(error, { styled: false, debug: false })}`;
    }
    const time = world.now().toISOString().slice(11, 19);
    if (redraw !== undefined) redraw(`${time} UTC, every ${pauseMs / 1000} s\n${text}`);
    else if (text !== shown) write(`${time} UTC\n${text}\n`);
    shown = text;
    await sleep(pauseMs, signal);
  }
  return { data: undefined };
}
