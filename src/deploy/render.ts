/** Facts → render.yaml. */
import type { GeneratedFile } from "./generated-file.ts";
import type { PlatformFacts } from "./platform-facts.ts";
import { because } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

/** A Blueprint for Render: the app and its database. */
export function renderFiles({ app, name, port }: PlatformFacts): readonly GeneratedFile[] {
  const launcher = `/app/bin/${app}`;
  const head = [
    "The Dockerfile comes from slipway gen docker.",
    `After the deploy, in the service's shell: ${launcher} migrate --phase after`,
    `Data migrations, by hand, as a one-off job: ${launcher} migrate-data`,
  ];
  const service = {
    type: "web",
    name,
    runtime: "docker",
    plan: because("The free plan has no preDeployCommand.", "starter"),
    dockerfilePath: "./Dockerfile",
    preDeployCommand: because(
      "Once for each deploy, in the new image, before it takes traffic; when it fails, the old one keeps serving.",
      `${launcher} migrate --phase before`,
    ),
    dockerCommand: `${launcher} start`,
    envVars: [
      { key: "PORT", value: String(port) },
      {
        key: "DATABASE_URL",
        fromDatabase: because("The address inside of Render, without a pooler.", {
          name: `${name}-database`,
          property: "connectionString",
        }),
      },
    ],
  };
  const text = yamlText(
    { services: [service], databases: [{ name: `${name}-database`, plan: "basic-256mb" }] },
    { head },
  );
  return [{ path: "render.yaml", text }];
}
