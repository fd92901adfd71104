/** Turns any thrown value into output: lines for people, a document for programs, an exit code. */
import { styleText } from "node:util";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { redact } from "../core/model/redact.ts";
import { systemFailure } from "../core/model/system-failure.ts";
import { visible, visibleBlock } from "../core/model/visible.ts";
import { displayPath } from "../engine/discovery/display-path.ts";
import { redactAll } from "./redact.ts";

/** An error in the shape that `--json` prints. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
  readonly details: unknown;
};

/** An error that is not ours is `unexpected`, and ends with exit code 1. Without passwords. */
export function failureOf(error: unknown): Failure {
  const known = isReleaseError(error) ? error : (inaccessible(error) ?? unexpected(error));
  const { code, message, hint, exitCode, details } = known;
  return {
    code,
    message: redact(message),
    hint: redact(hint),
    exitCode,
    details: redactAll(details),
  };
}

/** How an error is put into words. */
export type FailureTextOptions = {
  readonly styled: boolean;
  /** Whether a message keeps its lines, as for somebody who reads it. Default: `false`, one line for a log. */
  readonly lines?: boolean;
  /** The hint in the words of where it is read. Default: as it is. */
  readonly hint?: (hint: string, code: string) => string;
  /** Whether to add the place of the error, and its cause. */
  readonly debug: boolean;
};

/** `error:` and `hint:`; one `error:` for each when there are several. */
export function failureText(error: unknown, options: FailureTextOptions): string {
  const { message, code, hint: plain } = failureOf(error);
  const hint = options.hint?.(plain, code) ?? plain;
  const messages = severalOf(error)?.map((one) => redact(one.message)) ?? [message];
  const errorWord = options.styled ? paint("red", "error:") : "error:";
  const hintWord = options.styled ? paint("cyan", "hint:") : "hint:";
  const lines = [
    ...messages.map(
      (text) =>
        `${errorWord} ${options.lines ? visibleBlock(text.trim()) : visible(onOneLine(text))}`,
    ),
    ...hint.split("\n").map((text) => `${hintWord} ${visible(text)}`),
    ...(options.debug ? [visibleBlock(redact(traceOf(error)))] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** `styleText` would ask stdout whether it is a terminal, but this goes to stderr, and that is decided already. */
function paint(style: "red" | "cyan", text: string): string {
  return styleText(style, text, { validateStream: false });
}

/** A call of the operating system names its file, and a debug trace would not help. */
function inaccessible(error: unknown): ReleaseError | undefined {
  const failure = systemFailure(error);
  if (failure === undefined) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  if (typeof path !== "string") return undefined;
  return new ReleaseError("file_inaccessible", {
    path: displayPath(process.cwd(), path) || ".",
    ...failure,
  });
}

function unexpected(error: unknown): Failure {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const hint = "Run it again with SLIPWAY_DEBUG=1 to see where it comes from.";
  return { code: "unexpected", message, hint, exitCode: 1, details: {} };
}

function severalOf(error: unknown): readonly ReleaseError[] | undefined {
  if (!isReleaseError(error) || !("errors" in error.details)) return undefined;
  return error.details.errors;
}

function onOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const trace = error.stack ?? error.message;
  return error.cause === undefined ? trace : `${trace}\ncaused by ${traceOf(error.cause)}`;
}
