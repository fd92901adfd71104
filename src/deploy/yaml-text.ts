/** Data with reasons → YAML with comments. */
import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { split, type Yaml, type YamlMap } from "./reasoned.ts";

/** One YAML document, with lines of comment before and after it. */
export function yamlText(
  value: YamlMap,
  around: { readonly head?: readonly string[]; readonly tail?: readonly string[] | undefined } = {},
): string {
  const { head = [], tail = [] } = around;
  // Kubernetes reads YAML 1.1, in which a bare yes, on or 1:30 is no text.
  const document = new Document(undefined, { compat: "yaml-1.1" });
  document.contents = nodeOf(value) as typeof document.contents;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const comment = (line: string) => `# ${line}\n`;
  return [...head.map(comment), text, ...tail.map(comment)].join("");
}

function nodeOf(given: Yaml): Node {
  const { value } = split(given);
  if (typeof value !== "object") return new Scalar(value);
  if (isList(value)) return listOf(value);
  const map = new YAMLMap();
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    map.items.push(new Pair(commented(new Scalar(key), entry), nodeOf(entry)));
  }
  return map;
}

function listOf(values: readonly Yaml[]): Node {
  const list = new YAMLSeq();
  // Words on one line, as command lines are written.
  list.flow = values.every((value) => typeof value !== "object");
  for (const value of values) list.items.push(commented(nodeOf(value), value));
  return list;
}

function commented<Commented extends Node>(node: Commented, value: Yaml): Commented {
  const { reason } = split(value);
  if (reason !== undefined) node.commentBefore = ` ${reason}`;
  return node;
}

function isList(value: readonly Yaml[] | YamlMap): value is readonly Yaml[] {
  return Array.isArray(value);
}
