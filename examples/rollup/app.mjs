// An app that migrates when it starts; replicas may start together.
import { Release } from "./release.mjs";

await Release.migrateOnBoot();
await Release.migrationStatus();
