/** Reads the body of a request up to a limit. */

/** The text of the body; 413 where there is more than `mostBytes`, 400 where the client did not send it to its end. */
export async function bodyWithin(request: Request, mostBytes: number): Promise<string | 400 | 413> {
  // A client that announces too much is refused unread; the bytes that it sends are counted all the
  // same.
  if (Number(request.headers.get("content-length")) > mostBytes) return 413;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length;
      if (bytes > mostBytes) return 413;
      chunks.push(chunk);
    }
  } catch {
    return 400;
  }
  return Buffer.concat(chunks).toString();
}
