/** Keeps passwords out of what is printed and stored. */

/** Greedy up to the last `@`, because a password in a URL may hold one. */
const userInfo = /(:\/\/[^\s:/@"'`]*):[^\s"'`]*@/g;
const parameter = /\b(password=)(?:'[^']*'|[^\s&"'`]+)/gi;

/** The text with `***` for every password that stands in a URL or a connection string. */
export function redact(text: string): string {
  return text.replace(userInfo, "$1:***@").replace(parameter, "$1***");
}
