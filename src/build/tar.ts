/** Files → a tar archive, the same bytes for the same files. Pure, but for the compression of Node. */
import { gzipSync } from "node:zlib";
import type { ReleaseFile } from "./release-file.ts";

const block = 512;

/** A `.tar.gz` with all files below one folder, owned by root and without times. */
export function tarGz(files: readonly ReleaseFile[], folder: string): Uint8Array {
  const parts = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path, contents, executable = false }) => {
      const data = Buffer.from(contents);
      const mode = executable ? 0o755 : 0o644;
      return [...entry(`${folder}/${path}`, { data, mode }), padding(data.length)];
    });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 9 });
}

/**
 * A path that does not fit gets a separate entry before:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
function entry(
  path: string,
  { data, mode }: { readonly data: Buffer; readonly mode: number },
): readonly Buffer[] {
  if (Buffer.byteLength(path) <= 100)
    return [head(path, { size: data.length, mode, kind: "0" }), data];
  const record = paxRecord("path", path);
  return [
    head("long-path", { size: record.length, mode: 0o644, kind: "x" }),
    record,
    padding(record.length),
    head(path.slice(-100), { size: data.length, mode, kind: "0" }),
    data,
  ];
}

function head(
  path: string,
  { size, mode, kind }: { readonly size: number; readonly mode: number; readonly kind: "0" | "x" },
): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  head.write(path, 0);
  head.write(octal(mode, 8), 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  head.write(octal(size, 12), 124);
  head.write(octal(0, 12), 136);
  head.write(" ".repeat(8), 148);
  head.write(kind, 156);
  head.write("ustar\0" + "00", 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${octal(sum, 7)}\0 `, 148);
  return head;
}

/** The record counts its own length too. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (length !== Buffer.byteLength(`${length}${rest}`))
    length = Buffer.byteLength(`${length}${rest}`);
  return Buffer.from(`${length}${rest}`);
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}
