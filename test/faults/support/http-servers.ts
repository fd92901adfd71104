/**
 * `node http-servers.js`: Node's own server under each recipe of docs/http.md, in a process that ends as any app's
 * would when something is thrown. Prints the port of each as JSON.
 */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { health, nodeListener } from "../../../src/http/index.ts";
import { defineRelease } from "../../../src/index.ts";

const migrations = { "1_a": "create table a (id integer)" };
const ofPath = (path: string) =>
  defineRelease({ app: "app", repos: { main: { adapter: sqlite({ path }), migrations } } });
const handler = health(ofPath(":memory:"), { migrationsPage: true });
const listener = nodeListener(handler);

/** Its database is never there, and whoever is told of that throws. */
const failing = health(ofPath(`${fileURLToPath(import.meta.url)}/none/app.db`), {
  cacheMs: 0,
  onError: () => {
    throw new Error("onError itself fails");
  },
});

const hono = new Hono().all("/health/*", (context) => handler(context.req.raw));
const expressApp = express().use("/health", listener);
/** As an app that reads forms and JSON itself: the body is then any value that a client can make. */
const parsing = express()
  .use(express.json({ strict: false }), express.urlencoded(), express.raw())
  .use("/health", listener);
const fastifyApp = fastify();
fastifyApp.addContentTypeParser(
  "application/x-www-form-urlencoded",
  (_request: unknown, body: unknown, done: (error: null, body: unknown) => void) =>
    done(null, body),
);
fastifyApp.all("/health/*", (request, reply) => listener(request.raw, reply.hijack().raw));
await fastifyApp.ready();

const servers: { readonly [name: string]: RequestListener } = {
  node: listener,
  "node with a failing database": nodeListener(failing),
  hono: nodeListener(async (request) => hono.fetch(request)),
  express: expressApp,
  "express with parsers": parsing,
  fastify: (request, response) => fastifyApp.routing(request, response),
};
// Frameworks tell of each bad request; that is theirs to say.
console.error = () => undefined;
process.on("warning", () => undefined);

const ports = await Promise.all(
  Object.entries(servers).map(async ([name, listener]) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    return [name, (server.address() as AddressInfo).port] as const;
  }),
);
process.stdout.write(`${JSON.stringify(Object.fromEntries(ports))}\n`);
