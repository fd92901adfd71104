/** Hears the server's messages, for a driver that does not pass them on. */
import type { Duplex } from "node:stream";

/** One message of the server: its kind, and the beginning of its body. */
export type Message = { readonly kind: string; readonly body: Buffer };

const headLength = 5;
const bodyLength = 8;

/** Hears each message that comes, beside the driver. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export function hearMessages(socket: Duplex, hear: (message: Message) => void): void {
  let start = Buffer.alloc(0);
  let skip = 0;
  socket.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const passed = Math.min(skip, chunk.length - at);
      skip -= passed;
      at += passed;
      const length = start.length < headLength ? 0 : start.readUInt32BE(1) - 4;
      const wanted = headLength + Math.min(length, bodyLength) - start.length;
      const taken = chunk.subarray(at, at + wanted);
      start = Buffer.concat([start, taken]);
      at += taken.length;
      if (start.length < headLength) continue;
      const whole = start.readUInt32BE(1) - 4;
      if (start.length < headLength + Math.min(whole, bodyLength)) continue;
      skip = Math.max(0, whole - bodyLength);
      hear({ kind: start.toString("latin1", 0, 1), body: start.subarray(headLength) });
      start = Buffer.alloc(0);
    }
  });
}
