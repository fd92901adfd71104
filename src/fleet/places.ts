/** Tenants with a file or a database each: asks the user where they are, and refuses impossible answers. */
import { resolve } from "node:path";
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { asked, byCharacters, databaseOf, kindOf, shown, unreadable } from "./tenant-names.ts";
import type { DatabaseTenants, FileTenants } from "./tenants-option.ts";

/** One tenant, and its path or address. */
export type TenantPlace = { readonly tenant: string; readonly at: string };

/** The kinds of places that tenants live in. */
export type PlaceKind = "files" | "databases";

/** Whether it is files or databases. */
export function placeKind(tenants: FileTenants | DatabaseTenants): PlaceKind {
  return "files" in tenants ? "files" : "databases";
}

/**
 * In the order in which they are migrated: as a list has them, else by the characters of their names.
 *
 * @throws {ReleaseError} `tenants_unreadable`, `tenants_invalid`
 */
export async function tenantPlaces(
  repo: string,
  tenants: FileTenants | DatabaseTenants,
  session: Session,
): Promise<readonly TenantPlace[]> {
  const kind = placeKind(tenants);
  const from = "files" in tenants ? tenants.files : tenants.databases;
  const given =
    typeof from === "function" ? await asked(repo, () => from(databaseOf(session))) : from;
  const entries = entriesOf(given, kind);
  if (entries === undefined) {
    const wanted =
      kind === "files" ? "paths, or paths by names" : "addresses by the names of tenants";
    throw unreadable(repo, `the function gives ${kindOf(given)}, and no ${wanted}`);
  }
  const places = checked(repo, entries, kind);
  const isOrdered = Array.isArray(given) && typeof from !== "function";
  return isOrdered ? places : places.toSorted((a, b) => byCharacters(a.tenant, b.tenant));
}

function entriesOf(
  given: unknown,
  kind: PlaceKind,
): readonly (readonly [unknown, unknown])[] | undefined {
  if (Array.isArray(given)) return kind === "files" ? given.map((path) => [path, path]) : undefined;
  return typeof given === "object" && given !== null ? Object.entries(given) : undefined;
}

function checked(
  repo: string,
  entries: readonly (readonly [unknown, unknown])[],
  kind: PlaceKind,
): readonly TenantPlace[] {
  const names = new Set<unknown>();
  const bare = new Map<string, string>();
  const owners = new Map<string, string>();
  const wrong: { tenant: string; why: string }[] = [];
  const places: TenantPlace[] = [];
  for (const [tenant, at] of entries) {
    const why = names.has(tenant)
      ? "they give twice"
      : (whyNone(tenant, at, { kind, owners }) ?? whySame(tenant as string, bare));
    names.add(tenant);
    if (why === undefined) places.push({ tenant: tenant as string, at: at as string });
    else wrong.push({ tenant: shown(tenant), why });
  }
  if (wrong.length > 0) throw new ReleaseError("tenants_invalid", { repo, wrong });
  return places;
}

/** MySQL and MariaDB take two such names for one, and would keep one row for both. */
function whySame(tenant: string, bare: Map<string, string>): string | undefined {
  const name = tenant.replace(/ +$/, "");
  const same = bare.get(name);
  bare.set(name, tenant);
  return same === undefined ? undefined : `differs from ${shown(same)} only in blanks at its end`;
}

const words = { files: ["file", "path"], databases: ["database", "address"] } as const;

/** An address may have a password in it, so no message shows one. */
function whyNone(
  tenant: unknown,
  at: unknown,
  { kind, owners }: { readonly kind: PlaceKind; readonly owners: Map<string, string> },
): string | undefined {
  const [thing, place] = words[kind];
  if (typeof tenant !== "string") return `is ${kindOf(tenant)} and no ${place}`;
  if (tenant === "") return "is empty";
  if (typeof at !== "string") return `has ${kindOf(at)} and no ${place}`;
  if (at.trim() === "") return `has an empty ${place}`;
  if (at.includes("\0")) return `has a ${place} with a character that none can have`;
  const key = kind === "files" ? resolve(at) : at.trim();
  const owner = owners.get(key);
  if (owner !== undefined) return `has the same ${thing} as ${shown(owner)}`;
  owners.set(key, tenant);
  return undefined;
}
