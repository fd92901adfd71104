/** Facts → heroku.yml. */
import type { GeneratedFile } from "./generated-file.ts";
import { because } from "./reasoned.ts";
import { yamlText } from "./yaml-text.ts";

/** A deploy on Heroku, with the image that the Dockerfile builds. */
export function herokuFiles(app: string): readonly GeneratedFile[] {
  const launcher = `/app/bin/${app}`;
  const head = [
    "The Dockerfile comes from slipway gen docker. Once: heroku stack:set container",
    `After the deploy: heroku run ${launcher} migrate --phase after`,
    `Data migrations, by hand: heroku run:detached ${launcher} migrate-data`,
  ];
  const text = yamlText(
    {
      build: { docker: { web: "Dockerfile" } },
      release: because(
        "Before the new dynos start; when it fails, the old ones keep serving. Heroku ends it after an hour; the next try continues where this one stopped.",
        { image: "web", command: [`${launcher} migrate --phase before`] },
      ),
      run: { web: because("Heroku says in PORT where the app is to listen.", `${launcher} start`) },
    },
    { head },
  );
  return [{ path: "heroku.yml", text }];
}
