/** Values as the text of the protocol, each read and written as the driver `pg` does: for a driver that leaves them as text. */

/**
 * How to read values, by the numbers of their types in pg_type. Any other value is text, or a
 * number.
 */
export const textTypes = {
  boolean: { to: 16, from: [16], parse: readBoolean, serialize: asIs },
  bytes: { to: 17, from: [17], parse: readBytes, serialize: asIs },
  json: { to: 114, from: [114, 3802], parse: JSON.parse, serialize: asIs },
  moment: { to: 1184, from: [1082, 1114, 1184], parse: readMoment, serialize: asIs },
  texts: {
    to: 1009,
    from: [1001, 1002, 1003, 1009, 1014, 1015, 1016, 1231, 2951],
    parse: (text: string) => readArray(text, asIs),
    serialize: asIs,
  },
  numbers: {
    to: 1007,
    from: [1005, 1007, 1021, 1022, 1028],
    parse: (text: string) => readArray(text, Number),
    serialize: asIs,
  },
  booleans: {
    to: 1000,
    from: [1000],
    parse: (text: string) => readArray(text, readBoolean),
    serialize: asIs,
  },
};

/** A parameter as text, which the server reads by the type that it expects. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date) return localTime(value);
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The time of this process with its offset: a column without a time zone takes the former. */
function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const wall = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.abs(offset) / 60, Math.abs(offset) % 60].map((part) =>
    String(Math.trunc(part)).padStart(2, "0"),
  );
  return `${wall}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

function element(value: unknown): string {
  const text = textOf(value);
  if (text === null) return "NULL";
  return Array.isArray(value) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function asIs(text: string): string {
  return text;
}

function readBoolean(text: string): boolean {
  return text === "t";
}

function readBytes(text: string): unknown {
  return text.startsWith("\\x") ? Buffer.from(text.slice(2), "hex") : text;
}

function readMoment(text: string): unknown {
  if (text.endsWith("infinity")) return text.startsWith("-") ? -Infinity : Infinity;
  const moment = new Date(/^\d+-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  return Number.isNaN(moment.getTime()) ? text : moment;
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function readArray(text: string, read: (element: string) => unknown): unknown {
  const parts = /"((?:[^"\\]|\\.)*)"|[{}]|[^{},"]+/gs;
  const stack: unknown[][] = [[]];
  for (const [part, quoted] of text.slice(text.indexOf("{")).matchAll(parts)) {
    if (part === "{") stack.push([]);
    else if (part === "}") stack.at(-2)?.push(stack.pop());
    else if (quoted !== undefined) stack.at(-1)?.push(read(quoted.replace(/\\(.)/gs, "$1")));
    else stack.at(-1)?.push(part === "NULL" ? null : read(part));
  }
  return stack[0]?.[0];
}
