export default {
  output: "standalone",
  // This folder is a project of its own; Next would else take the repository around it for the project.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};
