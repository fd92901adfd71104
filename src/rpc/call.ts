/** Asks the running app of a release. */
import { lstatSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { ReleaseError } from "../core/model/errors.ts";
import { distrust } from "./distrust.ts";
import { eachDocument, lineOf, type Reply, type Request } from "./protocol.ts";

/** Hears the output of the app while it works. */
export type Hear = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

/** How the app answered. */
export type AppAnswer = Extract<Reply, { readonly kind: "done" | "failed" }>;

/**
 * Sends one request and hears the app until it has answered; with `untilEnd`, until its process has ended.
 *
 * @throws {ReleaseError} `app_not_listening`, `run_folder_unusable`
 */
export async function call(
  path: string,
  request: Request,
  options: { readonly hear: Hear; readonly signal: AbortSignal; readonly untilEnd?: boolean },
): Promise<AppAnswer> {
  const { hear, signal, untilEnd = false } = options;
  refuseForeign(path);
  const socket = await connectTo(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ReleaseError("app_not_listening", { path, reason: cause.message }, { cause });
  });
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  let answer: AppAnswer | undefined;
  socket.write(lineOf(request));
  const heard = eachDocument<Reply>(socket, (reply) => {
    if (reply.kind === "done" || reply.kind === "failed") answer = reply;
    else hear[reply.kind](reply.text);
    if (answer !== undefined && !untilEnd) socket.end();
  });
  await heard.catch(() => undefined);
  if (answer !== undefined) return answer;
  throw new ReleaseError("app_not_listening", { path, reason: "it ended before it answered" });
}

/**
 * Refuses a path that is not a socket of this user's or of root's. One that is not there passes: it
 * is nobody's.
 *
 * @throws {ReleaseError} `run_folder_unusable`
 */
export function refuseForeign(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  const reason = stats.isSocket() ? distrust(path, stats) : `${path} is no socket`;
  if (reason !== undefined) throw new ReleaseError("run_folder_unusable", { reason });
}

export function connectTo(path: string): Promise<Socket> {
  return new Promise((done, failed) => {
    const socket = createConnection(path);
    socket.once("error", failed).once("connect", () => {
      socket.off("error", failed).on("error", () => undefined);
      done(socket);
    });
  });
}
