/**
 * Tells a form of these pages from a form of another site: the same random text is in a cookie and
 * in the form.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { isFromElsewhere } from "../http/where-from.ts";
import type { Mount } from "./mount.ts";

const cookie = "slipway_form";

/** The text that this browser has, or a new one with the header that gives it one. No server has to remember it. */
export function formTokenOf(
  request: Request,
  place: Mount,
): { readonly token: string; readonly headers: { readonly [name: string]: string } } {
  const known = tokenIn(request);
  if (known !== undefined) return { token: known, headers: {} };
  const token = randomBytes(24).toString("base64url");
  const secure = request.url.startsWith("https:") ? "; Secure" : "";
  const attributes = `Path=${place.path || "/"}; HttpOnly; SameSite=Strict${secure}`;
  return { token, headers: { "set-cookie": `${cookie}=${token}; ${attributes}` } };
}

/** Whether a form was made for this browser, and sent from a page of this origin. */
export function isOwnForm(request: Request, form: URLSearchParams): boolean {
  if (isFromElsewhere(request)) return false;
  const [given, own] = [form.get("token") ?? "", tokenIn(request) ?? ""].map((one) =>
    Buffer.from(one),
  );
  if (given === undefined || own === undefined || own.length === 0) return false;
  return given.length === own.length && timingSafeEqual(given, own);
}

function tokenIn({ headers }: Request): string | undefined {
  const found = /(?:^|;\s*)slipway_form=([\w-]{32})(?:;|$)/.exec(headers.get("cookie") ?? "");
  return found?.[1];
}
