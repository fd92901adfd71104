/** A round trip as lines for people. */
import type { RepoRoundtrip, Trip } from "./roundtrip.ts";

/** The whole text; migrations with the same schema both ways share one line. */
export function roundtripText(repos: readonly RepoRoundtrip[]): string {
  return repos.map(repoText).join("");
}

function repoText({ repo, trips }: RepoRoundtrip): string {
  const same = trips.filter(({ result }) => result === "same").length;
  const lines = [
    `\nRepo: ${repo}, up, down, up: ${same} of ${trips.length} come back as they were`,
    ...trips.filter(({ result }) => result !== "same").flatMap(tripLines),
  ];
  return `${lines.join("\n")}\n`;
}

function tripLines({ version, name, result, lines }: Trip): readonly string[] {
  return ["", `  ${version} ${name}: ${words[result]}`, ...lines.map((line) => `    ${line}`)];
}

const words: { readonly [Result in Trip["result"]]: string } = {
  same: "the same",
  irreversible: "cannot be undone",
  "up failed": "going up failed",
  "down failed": "going down failed",
  "down differs": "going down leaves another schema (- missing, + left, ~ changed)",
  "second up failed": "going up again failed",
  "second up differs": "going up again gives another schema (- missing, + new, ~ changed)",
};
