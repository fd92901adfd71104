import express from "express";
import { health, nodeListener } from "slipway/http";
import { Release } from "./release.ts";

const probe = nodeListener(health(Release));
export const app = express();
app.use("/health", probe);
