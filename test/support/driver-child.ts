/** `node driver-child.ts JSON`: migrates, says `inside` in the middle of a migration, and stays there. */
import { driverRelease } from "./driver-migrations.ts";

const { folder, name, options } = JSON.parse(process.argv[2] ?? "{}");
const adapters = await import(`../../src/adapters/${folder}/index.ts`);
await driverRelease(adapters[name](options), () => {
  process.stdout.write("inside\n");
  return new Promise((never) => setTimeout(never, 600_000));
}).migrate();
