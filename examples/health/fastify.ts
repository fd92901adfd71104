import { fastify } from "fastify";
import { health, nodeListener } from "slipway/http";
import { Release } from "./release.ts";

const probe = nodeListener(health(Release));
export const app = fastify();
app.get("/health/*", (request, reply) => probe(request.raw, reply.hijack().raw));
