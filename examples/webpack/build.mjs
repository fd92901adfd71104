// The same as webpack-cli's "webpack", without another package.
import webpack from "webpack";
import config from "./webpack.config.mjs";

webpack(config, (error, stats) => {
  if (error) throw error;
  console.log(stats?.toString({ preset: "errors-warnings" }));
  process.exitCode = stats?.hasErrors() ? 1 : 0;
});
