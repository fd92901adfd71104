/** Words that a parent writes to a child's standard input, a line for each. */
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

let input: Interface | undefined;
const heard: string[] = [];

/** Waits for this word, also when it has come already. */
export async function told(word: string): Promise<void> {
  if (input === undefined) {
    input = createInterface({ input: process.stdin });
    input.on("line", (line) => heard.push(line));
  }
  while (!heard.includes(word)) await once(input, "line");
}

/** Lets the process end although its input is open. */
export function listenNoMore(): void {
  input?.close();
  process.stdin.unref?.();
}
