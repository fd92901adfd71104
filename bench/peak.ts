/** The most memory that a process has had, as Linux knows it: that of the process, without its children. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Sample } from "./contest.ts";
import type { Contestant } from "./measure.ts";
import { spentOnChildren } from "./processor.ts";

type Peak = Required<Pick<Sample, "ms" | "process ms" | "MiB">>;

/** Runs a contestant and looks at its memory all the while. */
export async function takePeak(contestant: Contestant, signal: AbortSignal): Promise<Peak> {
  const { cwd, name, database, at } = contestant;
  const url = (await database?.()) ?? "";
  const { command = process.execPath, argv } = at?.(url) ?? contestant;
  const before = spentOnChildren("self");
  const started = performance.now();
  const env = { ...process.env, SLIPWAY_NODE: process.execPath, DATABASE_URL: url };
  const child = spawn(command, argv, { ...(cwd && { cwd }), env, stdio: "ignore", signal });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 10);
  const [code] = await once(child, "close");
  clearInterval(look);
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}`);
  return { ms, "process ms": spentOnChildren("self") - before, MiB: peak };
}

/** It grows only, so a look that comes late sees all that was before. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    // It has ended.
    return 0;
  }
}
