/** Readers for words of a command line about platforms. */
import type { Parse } from "../flags.ts";
import { invalid } from "../parse.ts";

/** A port that a process which is not root can open. */
export const port: Parse<number> = (text, flag) => {
  const number = /^\d{4,5}$/.test(text) ? Number(text) : 0;
  if (number < 1024 || number > 65_535) throw invalid(text, flag, "a port from 1024 to 65535");
  return number;
};

/** The name of something in Kubernetes. */
export const kubernetesName: Parse<string> = (text, flag) => {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) {
    throw invalid(text, flag, "a name of lower-case letters, digits and hyphens, 63 at most");
  }
  return text;
};

/** A reference to an image: a registry and a name, with a tag, a digest or both. */
export const image: Parse<string> = (text, flag) => {
  const name =
    /^[a-z0-9]+(?:[._:/-]+[a-zA-Z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
  if (!name.test(text)) {
    throw invalid(text, flag, "an image such as registry.example/my-app:2.4.0");
  }
  return text;
};

/** Hexadecimal digits of a release. */
export const hash: Parse<string> = (text, flag) => {
  if (!/^(?:sha256:)?[0-9a-fA-F]{7,64}$/.test(text)) {
    throw invalid(text, flag, "a hash of 7 to 64 hexadecimal digits");
  }
  return text.replace("sha256:", "").toLowerCase();
};

/** The path of a URL. */
export const urlPath: Parse<string> = (text, flag) => {
  if (!/^\/[^\s"']*$/.test(text)) throw invalid(text, flag, "a path such as /ready");
  return text;
};

/** A branch that a shell and YAML take as one word. */
export const branchName: Parse<string> = (text, flag) => {
  if (!/^(?!.*(?:\.\.|\/\/|\.lock$))[A-Za-z0-9][\w./-]*(?<![./])$/.test(text))
    throw invalid(text, flag, "the name of a branch such as main");
  return text;
};

/** A major version not below `least`. */
export function majorFrom(least: number): Parse<string> {
  return (text, flag) => {
    if (!/^\d{1,3}$/.test(text) || Number(text) < least) {
      throw invalid(text, flag, `a major version from ${least}`);
    }
    return String(Number(text));
  };
}

/** A path inside of the project that a shell and a Dockerfile take as one word. */
export const plainPath: Parse<string> = (text, flag) => {
  if (!/^(?!\/|.*(?:^|\/)\.\.(?:\/|$))[\w@./-]+$/.test(text)) {
    throw invalid(text, flag, "a path inside of the project, without spaces");
  }
  return text.replace(/^\.\//, "");
};
