import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { health, nodeListener } from "slipway/http";
import { Release } from "../release.ts";
import { AppModule } from "./app.module.ts";

// The job before the deploy migrates. On a database that is behind, nothing begins to listen.
await Release.assertMigrated();

const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
app.use("/health", nodeListener(health(Release)));
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
