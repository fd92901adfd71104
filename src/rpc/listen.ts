/**
 * Opens the socket on which a running app evaluates the expressions of its operators. Whoever may write to it may do
 * all that the app may do.
 */

import { Console } from "node:console";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { Writable } from "node:stream";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { connectTo, refuseForeign } from "./call.ts";
import { distrust } from "./distrust.ts";
import { type EvaluationScope, evaluate } from "./evaluate.ts";
import { eachDocument, lineOf, type Reply, type Request, type SaidFailure } from "./protocol.ts";

/** An open socket. Close it, and nobody reaches this process any more. */
export type Listener = {
  readonly path: string;
  /** Stops listening and removes the socket. */
  close(): Promise<void>;
};

/** How one caller is talked to. */
export type Caller = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Aborts when the caller has gone. */
  readonly gone: AbortSignal;
};

export type ListenRequest = {
  readonly path: string;
  /** The values that expressions find, for one caller. */
  readonly scope: (caller: Caller) => EvaluationScope;
};

/**
 * Opens the socket, for its owner alone. It does not keep the process running.
 *
 * @throws {ReleaseError} `run_folder_unusable`
 */
export async function listen(request: ListenRequest): Promise<Listener> {
  const { path } = request;
  const server = createServer((socket) => void serve(socket, request));
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Whoever may write to the folder could put another socket there.
    const reason = distrust(dirname(path));
    if (reason !== undefined) throw new ReleaseError("run_folder_unusable", { reason });
    refuseForeign(path);
    await removeStale(path);
    await open(server, path);
  } catch (error) {
    if (error instanceof ReleaseError) throw error;
    const reason = messageOf(error);
    throw new ReleaseError("run_folder_unusable", { reason }, { cause: error });
  }
  server.unref();
  const remove = () => rmSync(path, { force: true });
  process.once("exit", remove);
  const close = async () => {
    process.off("exit", remove);
    await new Promise((done) => server.close(done));
  };
  return { path, close };
}

/** Makes the socket with the rights of its owner alone: nobody may connect before they are set. */
async function open(server: Server, path: string): Promise<void> {
  await new Promise<void>((done, failed) => {
    const before = process.umask(0o177);
    try {
      server.once("error", failed).listen(path, done);
    } finally {
      process.umask(before);
    }
  });
  chmodSync(path, 0o600);
}

/** A process that was killed leaves its socket behind; one that runs is not pushed aside. */
async function removeStale(path: string): Promise<void> {
  const other = await connectTo(path).catch(() => undefined);
  if (other !== undefined) {
    other.destroy();
    throw new ReleaseError("run_folder_unusable", { reason: `another process listens on ${path}` });
  }
  rmSync(path, { force: true });
}

async function serve(socket: Socket, request: ListenRequest): Promise<void> {
  const gone = new AbortController();
  // An app that is to stop must not wait for whoever waits for that.
  socket.unref();
  socket.on("error", () => undefined).on("close", () => gone.abort("SIGHUP"));
  const say = (reply: Reply) => {
    if (!socket.destroyed) socket.write(lineOf(reply));
  };
  try {
    const take = (asked: Request) => {
      if (!isRequest(asked)) throw new TypeError("no request");
      void answer(asked, { request, say, gone: gone.signal }).then((reply) => {
        say(reply);
        if (asked.do === "stop") process.kill(process.pid, "SIGTERM");
        else socket.end();
      });
    };
    await eachDocument<Request>(socket, take, longestRequest);
  } catch {
    // Slipway's own callers send only requests, so this caller is a stranger.
    socket.destroy();
  }
}

/** In signs. An expression is typed by somebody. */
const longestRequest = 1_000_000;

function isRequest(asked: unknown): asked is Request {
  if (typeof asked !== "object" || asked === null || !("do" in asked)) return false;
  if (asked.do !== "evaluate") return asked.do === "pid" || asked.do === "stop";
  return (
    "expression" in asked &&
    typeof asked.expression === "string" &&
    "argv" in asked &&
    Array.isArray(asked.argv)
  );
}

type Answering = {
  readonly request: ListenRequest;
  readonly say: (reply: Reply) => void;
  readonly gone: AbortSignal;
};

async function answer(asked: Request, { request, say, gone }: Answering): Promise<Reply> {
  if (asked.do !== "evaluate") return { kind: "done", value: process.pid };
  const stdout = (text: string) => say({ kind: "stdout", text });
  const stderr = (text: string) => say({ kind: "stderr", text });
  const { expression, argv } = asked;
  const scope = {
    ...request.scope({ stdout, stderr, gone }),
    argv,
    console: new Console(writableOf(stdout), writableOf(stderr)),
  };
  try {
    return { kind: "done", value: jsonOf(await evaluate(expression, scope)) };
  } catch (error) {
    return { kind: "failed", ...wordsOf(error) };
  }
}

/** An expression may throw anything, also a value that has no words. */
function wordsOf(error: unknown): SaidFailure {
  try {
    if (!(error instanceof Error)) return { reason: String(error), trace: String(error) };
    const said = {
      reason: `${error.message}`,
      trace: `${error.stack || error.message}`,
      errorName: `${error.name}`,
    };
    if (!isReleaseError(error)) return said;
    return { ...said, failure: { name: "ReleaseError", ...error.toJSON() } };
  } catch {
    return { reason: "it threw what has no words", trace: "it threw what has no words" };
  }
}

function writableOf(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk, _, done) {
      take(String(chunk));
      done();
    },
  });
}

/** The value as JSON carries it over the socket; `undefined` where it cannot. */
function jsonOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}
