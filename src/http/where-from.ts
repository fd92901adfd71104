/**
 * Tells where a request comes from, by all the names that its server goes by. A framework or a proxy may write a name
 * of its own into the address, as Next.js writes `localhost`: then the headers have the one that the browser used.
 */

/** Whether each name by which the request found its server is one of this machine, or one of `more`. */
export function isOnThisMachine(request: Request, more: readonly string[] = []): boolean {
  return hostsOf(request).every((host) => {
    const name = URL.parse(`http://${host}`)?.hostname;
    return name !== undefined && (ofThisMachine.test(name) || more.includes(name));
  });
}

/**
 * Whether the browser says that a form comes from another site. If it says nothing, the token of the form decides.
 */
export function isFromElsewhere(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  const origin = request.headers.get("origin");
  return origin !== null && !hostsOf(request).includes(URL.parse(origin)?.host ?? "");
}

const ofThisMachine = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A page of elsewhere cannot set these headers in the browser of somebody else. */
function hostsOf({ url, headers }: Request): readonly string[] {
  const forwarded = headers.get("x-forwarded-host")?.split(",") ?? [];
  const given = [headers.get("host") ?? [], forwarded].flat().map((host) => host.trim());
  return [new URL(url).host, ...given];
}
