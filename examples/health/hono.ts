import { Hono } from "hono";
import { health } from "slipway/http";
import { Release } from "./release.ts";

const probe = health(Release);
export const app = new Hono();
app.all("/health/*", (context) => probe(context.req.raw));
