/** Below zero when `a` is the older one, by the rules of its ecosystem. */
export function compareVersions(ecosystem: string, a: string, b: string): number {
  if (a === b) return 0;
  // "0" stands for before the first one, in every ecosystem.
  if (a === '0' || b === '0') return a === '0' ? -1 : 1;
  return ecosystem.startsWith('Debian') ? compareDebian(a, b) : compareSemantic(a, b);
}

/** Semantic Versioning 2.0.0, section 11; parts that are absent count as zero, a leading v as nothing. */
function compareSemantic(a: string, b: string): number {
  const [one, two] = [splitSemantic(a), splitSemantic(b)];
  for (let index = 0; index < Math.max(one.numbers.length, two.numbers.length); index += 1) {
    const difference = (one.numbers[index] ?? 0) - (two.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.before.length === 0 || two.before.length === 0)
    return two.before.length - one.before.length;
  return compareIdentifiers(one.before, two.before);
}

function splitSemantic(version: string): { numbers: number[]; before: string[] } {
  const plain = version.replace(/^v/, '').replace(/\+.*$/, '');
  const at = plain.indexOf('-');
  const numbers = (at < 0 ? plain : plain.slice(0, at)).split('.').map((part) => Number(part) || 0);
  return { numbers, before: at < 0 ? [] : plain.slice(at + 1).split('.') };
}

function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, two] = [a[index], b[index]];
    if (one === undefined || two === undefined) return one === undefined ? -1 : 1;
    if (one === two) continue;
    const [left, right] = [/^\d+$/.test(one), /^\d+$/.test(two)];
    if (left && right) return Number(one) - Number(two);
    if (left !== right) return left ? -1 : 1;
    return one < two ? -1 : 1;
  }
  return 0;
}

/** deb-version(7): epoch, upstream version, revision; `~` comes before everything, even the end. */
function compareDebian(a: string, b: string): number {
  const split = (version: string) => {
    const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? [];
    const at = rest.lastIndexOf('-');
    return {
      epoch: Number(epoch),
      upstream: at < 0 ? rest : rest.slice(0, at),
      revision: at < 0 ? '0' : rest.slice(at + 1),
    };
  };
  const [one, two] = [split(a), split(b)];
  return (
    one.epoch - two.epoch ||
    compareRuns(one.upstream, two.upstream) ||
    compareRuns(one.revision, two.revision)
  );
}

function compareRuns(a: string, b: string): number {
  const runs = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];
  const [one, two] = [runs(a), runs(b)];
  // A version that begins with digits has an empty run of other characters before them.
  if (/^\d/.test(a) !== /^\d/.test(b)) (/^\d/.test(a) ? one : two).unshift('');
  for (let index = 0; index < Math.max(one.length, two.length); index += 1) {
    const [left = '', right = ''] = [one[index], two[index]];
    const numeric = /^\d*$/.test(left) && /^\d*$/.test(right) && /\d/.test(left + right);
    const difference = numeric ? Number(left || 0) - Number(right || 0) : compareText(left, right);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index <= Math.max(a.length, b.length); index += 1) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
    if (a[index] === undefined && b[index] === undefined) return 0;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
