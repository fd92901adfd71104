/** The messages over the socket of a running app: JSON, one document a line. */
import type { Readable } from "node:stream";

export type Request =
  | { readonly do: "evaluate"; readonly expression: string; readonly argv: readonly string[] }
  | { readonly do: "pid" }
  | { readonly do: "stop" };

export type Reply =
  | { readonly kind: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "done"; readonly value?: unknown }
  | ({ readonly kind: "failed" } & SaidFailure);

/** How an expression failed. An app of 0.1.0 says no more than the first two. */
export type SaidFailure = {
  readonly reason: string;
  readonly trace: string;
  readonly errorName?: string;
  /** An error of ours. It ends the command that asked as its own error would. */
  readonly failure?: {
    readonly name: "ReleaseError";
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly exitCode: number;
    readonly details: unknown;
  };
};

export function lineOf(message: Request | Reply): string {
  return `${JSON.stringify(message)}\n`;
}

/**
 * Calls `take` with each document, in order. Whoever may be anybody gets no more than `most` signs for one.
 *
 * @throws SyntaxError, RangeError
 */
export async function eachDocument<Message>(
  stream: Readable,
  take: (message: Message) => void,
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(JSON.parse(line));
    if (rest.length > most) throw new RangeError("too long");
  }
}
