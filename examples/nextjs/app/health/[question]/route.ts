// /health/live and /health/ready, for probes.
import { health } from "slipway/http";
import { Release } from "../../../release.ts";

export const dynamic = "force-dynamic";
export const GET = health(Release);
