/**
 * The report of a failed expression: an error of Slipway as its command shows it, a wrong spelling
 * with the right one.
 */
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { redact } from "../core/model/redact.ts";
import { visibleBlock } from "../core/model/visible.ts";
import type { Release } from "../release/release.ts";

export type FailedExpression = {
  readonly expression: string;
  /** The words before it: `bin/my_app eval`. */
  readonly command: string;
  readonly reason: string;
  readonly trace: string;
  /** `SyntaxError`, where it is an error. */
  readonly errorName: string;
  readonly cause?: unknown;
};

/** The trace goes to people at once: an error has one line. */
export async function expressionFailure(
  failed: FailedExpression,
  { release, tell }: { readonly release: Release; readonly tell: (text: string) => void },
): Promise<ReleaseError> {
  const { expression, command, reason, trace, errorName, cause } = failed;
  if (isReleaseError(cause)) return cause;
  if (/^(Syntax|Reference|Type)Error$/.test(errorName)) {
    const { spelledOut } = await import("../rpc/spelling.ts");
    const meant = spelledOut(expression, { repos: release.repos(), methods: methodsOf(release) });
    if (meant !== undefined) {
      const hint = `Write it as JavaScript: ${command} '${meant}'`;
      return new ReleaseError(
        "usage_invalid",
        { reason: `${expression}: ${reason}`, hint },
        { cause },
      );
    }
  }
  tell(`${visibleBlock(redact(trace))}\n`);
  return new ReleaseError("expression_failed", { reason, trace }, { cause });
}

function methodsOf(release: Release): readonly string[] {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(release));
  return names.filter((name) => name !== "constructor");
}
