// An app that migrates when it starts; replicas may start together.
import { Release } from "./release.ts";

await Release.migrateOnBoot();
await Release.migrationStatus();
