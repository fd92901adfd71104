/** Roles that migrations make. They are of the whole server, and no schema has them. */
import type { Session } from "../adapters/adapter.ts";
import { readPostgresRoles } from "../adapters/postgres/catalog/read-roles.ts";

export async function rolesNow(session: Session): Promise<ReadonlySet<string>> {
  return new Set((await rolesOf(session)).flatMap(({ roles }) => roles));
}

/** The statements that make the new roles, and who is a member of whom. */
export async function madeRoles(
  session: Session,
  before: ReadonlySet<string>,
): Promise<{ readonly roles: readonly string[]; readonly statements: readonly string[] }> {
  const made = (await rolesOf(session)).filter(({ roles }) =>
    roles.some((role) => !before.has(role)),
  );
  const roles = new Set(made.flatMap((one) => one.roles.filter((role) => !before.has(role))));
  return { roles: [...roles], statements: made.map(({ sql }) => sql) };
}

async function rolesOf(session: Session) {
  if (session.dialect.label !== "PostgreSQL") return [];
  return readPostgresRoles((sql) => session.query(sql));
}
