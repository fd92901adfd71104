/** The purpose of each group's commands. */
export const groupWords: { readonly [group: string]: string } = {
  backfill: "look at backfills, work on them and steer them",
  tenant: "make tenants and drop them",
  gen: "write migrations, the release file and files for platforms",
};
