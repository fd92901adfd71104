/** Reads the errors of drivers about a server that cannot be reached. */

/** A name with several addresses fails once for each, and the error around them has no message. */
export function firstCause(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

const codes: ReadonlySet<string | undefined> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ENOENT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** A hint about where to look, if the code of an error says that nobody is there. */
export function hintOfUnreachable(
  code: string | undefined,
  { host, port }: { readonly host: string; readonly port: string },
): string | undefined {
  if (!codes.has(code)) return undefined;
  return `Is the server running at ${host}:${port}? Check the host and the port in the URL.`;
}
