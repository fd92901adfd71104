/** Shows addresses to people so that their parts can be read back. Pure. */

/** The parts of an address, decoded, and none of them a password. */
export type ShownAddress = {
  readonly scheme: "postgres" | "mysql";
  readonly user: string;
  /** A name, a number, several with a comma between them, or the path of a socket. */
  readonly host: string;
  readonly port: string;
  readonly database: string;
};

/**
 * The address as text. Characters that would end a part before its time stay encoded, as in a URL.
 */
export function shownAddress({ scheme, user, host, port, database }: ShownAddress): string {
  const authority = host.startsWith("/") ? encoded(host, /[%@?#\s]/g) : shownHost(host);
  const names = [user, port, database].map((text) => encoded(text, /[%:/@?#,\s]/g));
  const [shownUser, shownPort, shownDatabase] = names;
  return `${scheme}://${user === "" ? "" : `${shownUser}@`}${authority}:${shownPort}/${shownDatabase}`;
}

function shownHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (/^[\da-f:.]*:[\da-f:.]*$/i.test(bare)) return `[${bare}]`;
  return encoded(host, /[%:/@?#\s[\]]/g);
}

function encoded(text: string, what: RegExp): string {
  return text.replace(what, (letter) => encodeURIComponent(letter));
}
