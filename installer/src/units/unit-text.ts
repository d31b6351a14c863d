export type Directive = readonly [name: string, value: string];
export type Section = readonly [name: string, directives: readonly Directive[]];

/**
 * Renders a unit file (systemd.syntax(7)). Values are taken as they are: whoever builds them quotes
 * with the functions below. A line break would smuggle in a directive of its own, so it is refused.
 */
export function unitText(sections: readonly Section[]): string {
  const parts = sections.map(([name, directives]) => {
    const lines = directives.map(([key, value]) => `${key}=${refuseBreaks(value)}`);
    return [`[${name}]`, ...lines, ''].join('\n');
  });
  return parts.join('\n');
}

function refuseBreaks(value: string): string {
  if (/[\n\r\0]/.test(value)) throw new RangeError('a unit cannot hold a line break');
  return value;
}

/** One word of a command line: specifiers and variables are taken literally. */
export function quoteWord(word: string): string {
  return quote(word.replaceAll('$', '$$$$'));
}

/** A path or an assignment: no variables there, but specifiers and quotes. */
export function quote(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return /^[\w@+:,./=%-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

export function commandLine(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
