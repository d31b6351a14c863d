export type HclValue =
  string | number | boolean | readonly HclValue[] | { readonly [key: string]: HclValue };

/**
 * One value in HCL 1, which OpenBao's configuration speaks (its JSON form does not take labelled
 * `audit` blocks). HCL 1 interpolates `${`, so that is refused rather than escaped.
 */
export function hclValue(value: HclValue): string {
  if (typeof value === 'string') {
    if (value.includes('${')) throw new Error('A value of the configuration contains "${"');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: HclValue) => hclValue(item)).join(', ')}]`;
  const fields = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)} = ${hclValue(item)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

/** `kind "label" "label" { … }` with one attribute a line. */
export function hclBlock(
  kind: string,
  labels: readonly string[],
  body: string | readonly string[],
) {
  const lines = (typeof body === 'string' ? body : body.join('\n')).split('\n');
  const head = [kind, ...labels.map((label) => JSON.stringify(label))].join(' ');
  return `${head} {\n${lines.map((line) => `  ${line}`).join('\n')}\n}`;
}

export function hclFields(fields: { readonly [key: string]: HclValue }): string[] {
  return Object.entries(fields).map(([key, value]) => `${key} = ${hclValue(value)}`);
}
