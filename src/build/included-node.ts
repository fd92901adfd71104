/** A Node inside of a release, for machines that have none. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { ReleaseError } from "../core/model/errors.ts";
import type { IncludedNode } from "./launcher.ts";
import type { ReleaseFile } from "./release-file.ts";

/**
 * The facts in the head of a program. Numbers of ELF:
 * https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
 */
const machines: { readonly [machine: number]: string } = {
  3: "linux-ia32",
  40: "linux-arm",
  62: "linux-x64",
  183: "linux-arm64",
  243: "linux-riscv64",
};

/** Where it lies in a release. */
const folder = "lib/node";

/**
 * The program at `path`, and the files that it needs to start.
 *
 * @throws {ReleaseError} `option_invalid` if it is no program
 */
export function includeNode(
  path: string,
  host: { readonly platform: string; readonly arch: string },
): { readonly file: ReleaseFile; readonly included: IncludedNode } {
  const name = host.platform === "win32" ? "node.exe" : "node";
  const target = `${folder}/${name}`;
  const file = { path: target, contents: readProgram(path), executable: true };
  const elf = readElf(path);
  const words = elf?.target ?? `${host.platform}-${host.arch}`;
  return { file, included: { path: target, target: words, loader: elf?.loader } };
}

function readProgram(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    const expected = "the path of a Node program";
    throw new ReleaseError("option_invalid", { option: "--include-node", value: path, expected });
  }
}

/** The machine of a program for Linux, and its loader; `undefined` for other systems. */
function readElf(path: string): { readonly target: string; readonly loader?: string } | undefined {
  const head = Buffer.alloc(64 * 1024);
  const descriptor = openSync(path, "r");
  readSync(descriptor, head, 0, head.length, 0);
  closeSync(descriptor);
  const isElf64 = head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2 && head[5] === 1;
  if (!isElf64) return undefined;
  const machine = head.readUInt16LE(18);
  const target = machines[machine] ?? `linux on machine ${machine}`;
  const table = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  for (let i = 0; i < head.readUInt16LE(56); i++) {
    const entry = table + i * size;
    if (entry + size > head.length || head.readUInt32LE(entry) !== programInterpreter) continue;
    const from = Number(head.readBigUInt64LE(entry + 8));
    const length = Number(head.readBigUInt64LE(entry + 32));
    return { target, loader: head.toString("latin1", from, from + length - 1) };
  }
  return { target };
}

/** The kind of the entry that names the loader. */
const programInterpreter = 3;
