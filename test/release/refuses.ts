/** Tests of bad input from JavaScript. */
import { isReleaseError, type ReleaseError } from "slipway";
import { expect, it } from "vitest";

/** A value that JavaScript may hand over, whatever the types say. */
export const js = (value: unknown) => value as never;

/** What a call is refused with: code, message, hint and exit code. */
export async function refused(call: () => unknown): Promise<readonly unknown[]> {
  try {
    await call();
  } catch (error) {
    if (isReleaseError(error)) return [error.code, error.message, error.hint, error.exitCode];
    throw error;
  }
  return ["nothing was refused"];
}

/** A call, and the message and the hint that it is refused with. */
export type Case = readonly [call: string, made: () => unknown, message: string, hint: string];

/** One test per call: all are refused with this code. */
export function refuses(code: ReleaseError["code"], cases: readonly Case[]): void {
  it.each(cases)("%s", async (_, call, message, hint) => {
    expect(await refused(call)).toEqual([code, message, hint, 2]);
  });
}
