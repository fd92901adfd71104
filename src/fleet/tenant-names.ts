/** Asks the user for the tenants, and refuses impossible names. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import type { TenantsOption } from "./tenants-option.ts";

/**
 * The names of the tenants in the order in which they are migrated: as the list has them; of a function by their
 * characters, because a query without an order gives another one each time.
 *
 * @throws {ReleaseError} `tenants_unreadable`, `tenants_invalid`
 */
export async function tenantNames(
  repo: string,
  tenants: TenantsOption,
  session: Session,
): Promise<readonly string[]> {
  const schemas =
    "schemas" in tenants ? tenants.schemas : "length" in tenants ? (tenants as string[]) : [];
  const given =
    typeof schemas === "function" ? await asked(repo, () => schemas(databaseOf(session))) : schemas;
  if (!Array.isArray(given))
    throw unreadable(repo, `the function gives ${kindOf(given)}, and no list of names`);
  refuseNames(repo, given, session.dialect.identifierLimit);
  return typeof schemas === "function" ? given.toSorted(byCharacters) : given;
}

/** @throws {ReleaseError} `tenants_unreadable` */
export async function asked(repo: string, ask: () => unknown): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (isReleaseError(error)) throw error;
    throw unreadable(repo, messageOf(error), error);
  }
}

export function unreadable(repo: string, reason: string, cause?: unknown): ReleaseError {
  return new ReleaseError("tenants_unreadable", { repo, reason }, { cause });
}

export function databaseOf(session: Session) {
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
      (await session.query(sql, parameters)) as readonly Row[],
  };
}

/** @throws {ReleaseError} `tenants_invalid` */
export function refuseNames(
  repo: string,
  names: readonly unknown[],
  limit: Session["dialect"]["identifierLimit"],
): void {
  const seen = new Set<unknown>();
  const wrong = names.flatMap((name) => {
    const why = seen.has(name) ? "they give twice" : whyNone(name, limit);
    seen.add(name);
    return why === undefined ? [] : [{ tenant: shown(name), why }];
  });
  if (wrong.length > 0) throw new ReleaseError("tenants_invalid", { repo, wrong });
}

function whyNone(
  name: unknown,
  { length, unit }: Session["dialect"]["identifierLimit"],
): string | undefined {
  if (typeof name !== "string") return `is ${kindOf(name)} and no name`;
  if (name === "") return "is empty";
  if (name.includes("\0")) return "has a character that no name can have";
  const size = unit === "bytes" ? Buffer.byteLength(name) : [...name].length;
  return size > length ? `is longer than ${length} ${unit}` : undefined;
}

export function shown(name: unknown): string {
  return typeof name === "string" ? JSON.stringify(name) : kindOf(name);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : `a ${typeof value}`;
}

export function byCharacters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
