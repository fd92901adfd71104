/** Runs a case in a process of its own, and kills that at a boundary. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Bundle } from "./bundle.ts";
import type { SweepCase } from "./cases.ts";
import type { Place } from "./place.ts";
import type { SweepDirection } from "./release-of.ts";
import { type Sender, type StopAt, startProxy, type Wire } from "./wire-proxy.ts";

type What = { readonly one: SweepCase; readonly direction: SweepDirection };

export type Ran = {
  /** Who sent each message; of a run that nothing disturbed it says where the boundaries are. */
  readonly messages: readonly Sender[];
  readonly killed: boolean;
  readonly failed: boolean;
};

export type Run = (what: What, place: Place, stopAt: StopAt | undefined) => Promise<Ran>;

/** The boundaries are those of the protocol's messages, and a proxy kills. */
export function behindProxy(wire: Wire, bundle: Bundle): Run {
  return async (what, { url }, stopAt) => {
    const upstream = new URL(url);
    let child: ChildProcess | undefined;
    let ended: Promise<unknown> | undefined;
    const proxy = await startProxy({
      wire,
      host: upstream.hostname,
      port: Number(upstream.port),
      stopAt,
      stop: async () => {
        child?.kill("SIGKILL");
        await ended;
      },
    });
    upstream.port = String(proxy.port);
    child = start(bundle, wire, what, upstream.href, "");
    ended = once(child, "exit");
    await ended;
    await proxy.halted;
    await proxy.close();
    return { messages: [...proxy.messages], ...endOf(child) };
  };
}

/** The boundaries are those of SQLite's statements, which the process counts itself. */
export function countingItself(bundle: Bundle): Run {
  return async (what, { url }, stopAt) => {
    const child = start(bundle, "sqlite", what, url, String(stopAt?.message ?? ""));
    const ended = once(child, "exit");
    const count = child.stdout === null ? "" : await text(child.stdout);
    await ended;
    return { messages: Array<Sender>(Number(count)).fill("server"), ...endOf(child) };
  };
}

function start(
  bundle: Bundle,
  kind: Wire | "sqlite",
  { one, direction }: What,
  address: string,
  killAt: string,
): ChildProcess {
  return spawn(process.execPath, [bundle.file, kind, address, one.name, direction, killAt], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function endOf({ exitCode, signalCode }: ChildProcess): Pick<Ran, "killed" | "failed"> {
  const killed = signalCode === "SIGKILL";
  return { killed, failed: !killed && exitCode !== 0 };
}
