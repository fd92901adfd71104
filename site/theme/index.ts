import theme from "vitepress/theme";
import { h } from "vue";
import "./slipway.css";

const start = [
  "npm install slipway pg",
  "npx slipway init",
  "npx slipway migrate",
  "npx slipway release",
];

/** The commands that start a project, beside the words of the front page. */
const terminal = () =>
  h(
    "pre",
    { class: "start" },
    start.map((line) => h("code", [h("i", "$ "), `${line}\n`])),
  );

export default {
  extends: theme,
  Layout: () => h(theme.Layout, null, { "home-hero-image": terminal }),
};
