import { Release } from "../../../release.ts";

// Not at build time: there is no database.
export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await Release.migrationStatus());
}
