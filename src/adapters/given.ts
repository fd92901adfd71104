/** Reads a text of the user's, or calls the function that gives it when a connection is made. */

import { isReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { ConnectionFailed } from "./adapter.ts";

/**
 * The text of an option.
 *
 * @throws {ConnectionFailed} when the function throws, or gives no text; an error of ours as it is
 */
export function givenText(option: string, given: string | (() => string)): string {
  try {
    return text(option, typeof given === "function" ? given() : given);
  } catch (error) {
    throw named(option, error);
  }
}

/**
 * The text of an option whose function may be asynchronous, and must answer in time.
 *
 * @throws {ConnectionFailed} as `givenText`
 */
export async function givenInTime(
  option: string,
  given: string | (() => string | Promise<string>),
  timeoutMs: number,
): Promise<string> {
  if (typeof given !== "function") return text(option, given);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const tooLate = wrong(option, `did not answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => reject(tooLate), timeoutMs);
  try {
    return text(option, await Promise.race([Promise.resolve().then(given), late]));
  } catch (error) {
    throw named(option, error);
  } finally {
    clearTimeout(timer);
  }
}

function text(option: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  if (value instanceof Promise) value.catch(() => undefined);
  const what =
    value instanceof Promise
      ? "a promise"
      : value === ""
        ? "nothing"
        : value === null
          ? "null"
          : typeof value;
  throw wrong(option, `gives ${what}, and not text`);
}

function named(option: string, error: unknown): unknown {
  if (isReleaseError(error) || error instanceof ConnectionFailed) return error;
  const reason = messageOf(error);
  return wrong(option, `threw: ${reason}`, error);
}

function wrong(option: string, what: string, cause?: unknown): ConnectionFailed {
  return new ConnectionFailed(`the option ${option} ${what}`, {
    hint: `Give ${option} text, or a function that gives it. Nothing has run.`,
    lasting: true,
    cause,
  });
}
