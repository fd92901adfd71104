/** `COPY … FROM stdin`: the driver asks for the rows, and by itself has none. */
import type { Client, Connection } from "pg";

/** The part of a query of the driver's that a copy uses. */
type CopyQuery = { handleCopyInResponse(connection: CopyConnection): void };
type CopyConnection = Connection & {
  sendCopyFromChunk(rows: Uint8Array): void;
  endCopyFrom(): void;
};
type QueryClass = new (
  config: { readonly text: string },
  values: undefined,
  callback: (error: Error | null) => void,
) => CopyQuery;

/** Runs the statement and gives it the rows. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY */
export function copyFrom(client: Client, sql: string, rows: string): Promise<void> {
  // The class is the client's own: a release carries no other part of the driver.
  const { Query } = client.constructor as unknown as { readonly Query: QueryClass };
  return new Promise((done, failed) => {
    const query = new Query({ text: sql }, undefined, (error) => (error ? failed(error) : done()));
    query.handleCopyInResponse = (connection) => {
      for (const piece of piecesOf(rows)) connection.sendCopyFromChunk(Buffer.from(piece));
      connection.endCopyFrom();
    };
    client.query(query as never);
  });
}

const pieceLength = 65_536;

/** In pieces, so that no more than one stands beside the text of the file. None ends between the two halves of a character. */
export function* piecesOf(rows: string): Generator<string> {
  for (let at = 0; at < rows.length; ) {
    const end = at + pieceLength;
    const next = /[\uD800-\uDBFF]/.test(rows.charAt(end - 1)) ? end - 1 : end;
    yield rows.slice(at, next);
    at = next;
  }
}
