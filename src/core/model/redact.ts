/**
 * Keeps passwords out of printed and stored texts. The one place that knows where in a text a
 * password can stand.
 */

/** Where a URL begins. A password may hold another `://`, but not after a space or a quote. */
const beginnings = /(?<![^\s"'`(<=[,;])(?=[a-z][a-z\d+.-]*:\/\/)/i;
/** Their paths hold an `@`, as in `/@scope/package`, and their passwords no space. */
const ofWeb = /^(?:https?|wss?|file|node|data):/i;
/** The paths of a stack hold one too. */
const stack = /\n\s*at |\ncaused by /;
/** The text before the only `@`, where that `@` ends a correctly written password. */
const cleanUser = /^[^\s:/?#"'`]*:(?:[^\s:/?#"'`\\%]|%[\da-f]{2})*$/i;
/** A host that is no name of a user: what follows is a port and no password. */
const surelyHost = /^(?:(?:localhost|[\d.]+|\[[\da-f:.]+\])(?::\d+)?)?(?=[/?#\s"'`),;.]|$)/i;
const hostAndPort = /^[^\s:/?#"'`@]+(?::\d+)?(?=[/?#\s"'`),;.]|$)/;
/** A text that was cut off before its `@`. */
const noPort = /^[^\s/?#"'`[]*?:(?!\d*(?:[/?#\s"'`),;.]|$))/;
const inQuery = /([?&]\w*(?:passw(?:or)?d|pwd)=)(?:[^\s&#"'`%]|%[\da-f]{2})*(&\w+=|["'`)]?\s*$)/gi;
const anyInQuery = /[?&]\w*(?:passw(?:or)?d|pwd)=/i;
/** In a connection string, or an object that was printed. A hidden password stays hidden. */
const parameter =
  /((?:passw(?:or)?d|\bpwd)["']?\s*(?:=\s*|:\s*(?=["'`])))(?!\*{3}(?:[&\s"'`)]|$))('(?:[^'\\]|\\.|'')*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|(?:\\[^\n]|\\\n(?=\S)|\S)+)/gis;

/**
 * The text with `***` for every password that stands in a URL or a connection string. If a URL may
 * hide a password whose end is unclear, none of it is shown: `postgres://***`.
 */
export function redact(text: string): string {
  const parts = text.split(beginnings).map((part) => {
    const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(part)?.[0] ?? "";
    return scheme === "" ? part : scheme + redactUrl(part.slice(scheme.length), ofWeb.test(scheme));
  });
  return parts.join("").replace(parameter, "$1***");
}

/** Also without the password of this address, in any of its spellings. */
export function redactFor(
  address: { readonly [part: string]: string } | undefined,
  text: string,
): string {
  const { password = "", ...names } = address ?? {};
  // A password that is also a name in the message would only garble it.
  if (password === "" || Object.values(names).includes(password)) return redact(text);
  return redact(text.replaceAll(password, "***").replaceAll(encodeURIComponent(password), "***"));
}

/** Whether the end of a password with a bare `/`, `?` or `#` was read as what follows a host; such an address is not shown. */
export function mayHidePassword(url: {
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
}): boolean {
  const isQuery = url.pathname.length > 1 && /^(?:[?&]\w+=[^&]*)*$/.test(url.search);
  return `${url.pathname}${isQuery ? "" : url.search}${url.hash}`.includes("@");
}

/** `text` is what stands behind `://`, and whatever follows until the next URL. */
function redactUrl(text: string, isOfWeb: boolean): string {
  // A hint shows how to write one.
  if (text.startsWith("user:password@")) return text;
  const [reach = ""] = isOfWeb ? (/^\S*/.exec(text) ?? []) : text.split(stack, 1);
  const at = reach.lastIndexOf("@");
  const before = reach.slice(0, Math.max(at, 0));
  if (at < 0 ? noPort.test(text) : hides(before, isOfWeb)) return hiddenTo(at, text);
  if (!cleanUser.test(before)) return redactQuery(text);
  return redactQuery(`${before.split(":")[0]}:***${text.slice(at)}`);
}

function hides(before: string, isOfWeb: boolean): boolean {
  if (cleanUser.test(before) || surelyHost.test(before)) return false;
  if (isOfWeb && hostAndPort.test(before)) return false;
  const [user = "", ...others] = before.split("@");
  // One `@` before this one ends a user without a password, and this one stands in other words.
  if (others.length > 0 && !/[\s:/?#]/.test(user)) return !/^[^\s@]*\s/.test(others.join("@"));
  return before.includes(":");
}

/** Nothing of the URL, and what follows the last `@` without its host. */
function hiddenTo(at: number, text: string): string {
  return `***${text.slice(Math.max(at, 0)).replace(/^[^\s"'`),;]*/, "")}`;
}

/**
 * Hides passwords in the query. One ends where the next parameter begins; if it ends otherwise, it
 * may be longer, and all is hidden.
 */
function redactQuery(text: string): string {
  const [reach = ""] = text.split(stack, 1);
  const shown = reach.replace(inQuery, "$1***$2");
  const rest = shown.replace(/[?&]\w*(?:passw(?:or)?d|pwd)=\*{3}/gi, "");
  const isShown = !anyInQuery.test(rest);
  return (isShown ? shown : `***${reach.slice(reach.trimEnd().length)}`) + text.slice(reach.length);
}
