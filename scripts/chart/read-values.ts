import { isMap, parseDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';

export type ChartValue = {
  /** `server.autoscaling.enabled`. */
  path: string;
  value: unknown;
  /** The comment above it, as one text. */
  about: string;
  children: readonly ChartValue[];
};

/** The values of a chart with their comments. A map whose comment speaks for it whole is one value. */
export function readValues(text: string): ChartValue[] {
  const { contents, errors } = parseDocument(text);
  if (errors[0]) throw errors[0];
  if (!isMap(contents)) throw new Error('values.yaml is no map');
  return readMap(contents, '');
}

function readMap(map: YAMLMap, above: string): ChartValue[] {
  return map.items.map((item, at) => {
    const { key, value } = item as Pair<Scalar<string>, { toJSON(): unknown; comment?: string }>;
    const path = above === '' ? key.value : `${above}.${key.value}`;
    // The comment of a first key is kept with the map that it opens.
    const own = key.commentBefore ?? (at === 0 ? map.commentBefore : undefined) ?? '';
    const block = isMap(value) && !value.flow && value.items.length > 0;
    return {
      path,
      value: value?.toJSON(),
      about: lastParagraph(own),
      children: block ? readMap(value, path) : [],
    };
  });
}

function lastParagraph(comment: string): string {
  const paragraphs = comment.split(/\n\s*\n/);
  return (paragraphs.at(-1) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** Those that a site sets, without the maps that only hold others. */
export function leavesOf(values: readonly ChartValue[]): ChartValue[] {
  return values.flatMap((value) =>
    value.children.length > 0 ? leavesOf(value.children) : [value],
  );
}
