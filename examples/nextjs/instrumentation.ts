// Next.js calls this once when the server starts, before it answers.
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { Release } = await import("./release.ts");
  await Release.migrateOnBoot();
}
