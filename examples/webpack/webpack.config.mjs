/** @type {import("webpack").Configuration} */
export default {
  mode: "production",
  target: "node22",
  entry: "./app.ts",
  output: { filename: "app.mjs", chunkFilename: "[name].mjs", module: true, clean: true },
  experiments: { outputModule: true, typescript: true },
  resolve: { extensions: [".ts", "..."] },
  // An optional part of pg, written in C++, that is not installed.
  externals: { "pg-native": "var undefined" },
  devtool: "source-map",
};
