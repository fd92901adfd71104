/** The real SDK of this process, configured by its variables, and a collector that it sends to. */
import { NodeSDK } from "@opentelemetry/sdk-node";
import { openTelemetry } from "slipway/opentelemetry";
import { otlpReceiver, type Receiver } from "./otlp-receiver.ts";

/** Starts both. What is sent is there when a run has ended. */
export async function startSdk(): Promise<Receiver> {
  const receiver = await otlpReceiver();
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_SERVICE_NAME: "blog",
  });
  const sdk = new NodeSDK();
  sdk.start();
  const telemetry = openTelemetry();
  const stop = async () => {
    telemetry.stop();
    await sdk.shutdown();
    await receiver.stop();
  };
  return { ...receiver, stop };
}
