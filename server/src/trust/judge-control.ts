import type { LiveFinding } from '../platform/index.ts';
import type { ControlProof, TestProof } from './proofs/control-proof.ts';
import type { Control, ControlKind } from './register.ts';
import type { ReportState } from './report/read-report.ts';

export type ControlStatus = 'pass' | 'fail' | 'missing' | 'not_applicable';

/** One row of the evidence; snake_case because it is the published form. */
export type ControlResult = {
  readonly id: string;
  readonly status: ControlStatus;
  /** How it is proven, for example `live + test`. */
  readonly proof: string;
  readonly evidence: string;
  /** When the oldest part of the proof was obtained (ISO 8601); null when there is none. */
  readonly checked_at: string | null;
};

/** A live finding with its place and time. `host` names a check of the installer. */
export type Finding = LiveFinding & {
  readonly control: string;
  readonly host: string | null;
  readonly at: string;
};

export type Known = { readonly findings: readonly Finding[]; readonly report: ReportState };

type Part = {
  kind: ControlKind;
  state: 'good' | 'bad' | 'absent' | 'not_applicable';
  says: string;
  at: string | null;
  /** The report that would hold it can't be used, so nobody knows. */
  unread?: true;
};

/**
 * Decides one control by its declared proof alone. It passes only when every part is there and
 * good; one bad part fails it; a proof that is declared partial never passes. What the live system
 * shows stands without a test report: then the tests beside it are said to be unknown.
 */
export function judgeControl(
  control: Control,
  proof: ControlProof | undefined,
  known: Known,
): ControlResult {
  // What fails is said even where nobody has declared yet what a whole proof would be.
  const parts = partsOf(proof ?? { control: control.id }, known);
  return result(control, decide(control, proof, parts), parts);
}

function decide(
  { kind }: Control,
  proof: ControlProof | undefined,
  parts: readonly Part[],
): readonly [ControlStatus, string] {
  const says = (state: Part['state']): string =>
    wordsOf(parts.filter((part) => part.state === state));
  const own = parts.filter((part) => part.kind === kind);
  if (says('bad')) return ['fail', says('bad')];
  if (!proof) return ['missing', `No whole proof is registered yet. ${says('good')}`.trim()];
  if (proof.partly !== undefined)
    return ['missing', `Partly: ${proof.partly} ${says('good')}`.trim()];
  if (own.length === 0) return ['missing', `The proof lacks its ${kind} part.`];
  const lacking = parts.filter(
    ({ state, unread }) => state === 'absent' && !(unread && kind === 'live'),
  );
  if (lacking.length > 0) return ['missing', wordsOf(lacking)];
  if (own.every(({ state }) => state === 'not_applicable'))
    return ['not_applicable', `${says('not_applicable')} Rule: ${proof.notApplicable ?? ''}`];
  return ['pass', wordsOf(parts)];
}

/** What several parts say alike is said once. */
function wordsOf(parts: readonly Part[]): string {
  return [...new Set(parts.map(({ says }) => says))].join(' ');
}

function result(
  control: Control,
  [status, evidence]: readonly [ControlStatus, string],
  parts: readonly Part[],
): ControlResult {
  const kinds = [...new Set(parts.map(({ kind }) => kind))];
  const times = parts.flatMap(({ at }) => (at === null ? [] : [at])).sort();
  return {
    id: control.id,
    status,
    proof: (kinds.length > 0 ? kinds : [control.kind]).join(' + '),
    evidence: plain(evidence),
    checked_at: times[0] ?? null,
  };
}

function partsOf(proof: ControlProof, { findings, report }: Known): Part[] {
  return [
    ...liveParts(proof, findings),
    ...(proof.host ?? []).map((name) => hostPart(proof, name, findings)),
    ...(proof.tests ?? []).map((test) => testPart(test, report)),
    ...(proof.tests ? carriedPart(proof.control, report) : []),
    ...(proof.gates ?? []).map((name) => gatePart(name, report)),
    ...(proof.pages ?? []).map((page) => pagePart(page, report)),
  ];
}

function liveParts(proof: ControlProof, findings: readonly Finding[]): Part[] {
  const found = findings.filter(({ control, host }) => control === proof.control && host === null);
  const parts = found.map((finding) => livePart(proof, finding));
  const lacking = (proof.live ?? 0) - found.length;
  if (lacking > 0)
    parts.push({
      kind: 'live',
      state: 'absent',
      says: `${lacking} live check(s) did not run.`,
      at: null,
    });
  return parts;
}

function hostPart(proof: ControlProof, name: string, findings: readonly Finding[]): Part {
  const found = findings.find(({ control, host }) => control === proof.control && host === name);
  if (found) return livePart(proof, found);
  const says = `The host was not examined (${name}): run casemate verify on it.`;
  return { kind: 'live', state: 'absent', says, at: null };
}

function livePart(proof: ControlProof, { status, evidence, at }: Finding): Part {
  if (status === 'pass') return { kind: 'live', state: 'good', says: evidence, at };
  if (status === 'fail') return { kind: 'live', state: 'bad', says: evidence, at };
  const state = proof.notApplicable === undefined ? 'absent' : 'not_applicable';
  return { kind: 'live', state, says: evidence, at };
}

function testPart({ file, titles }: TestProof, state: ReportState): Part {
  const part = (found: Part['state'], says: string): Part => ({
    kind: 'test',
    state: found,
    says,
    at: state.fits ? state.report.finishedAt : null,
  });
  if (!state.fits) return unreadPart('test', state);
  const tests = state.report.tests.filter((test) => test.file === file);
  const sets = titles.map((title) => tests.filter(({ name }) => name.includes(title)));
  const all = new Set(sets.flat());
  const failed = [...all].filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return part('bad', `${file}: failed “${failed[0]?.name ?? ''}”.`);
  // A file that does not load has no test in it that could fail.
  if (tests.some(({ name, outcome }) => name === '' && outcome === 'failed'))
    return part('bad', `${file} could not be run.`);
  const lost = titles.filter((_title, at) => sets[at]?.length === 0);
  if (lost.length > 0) return part('absent', `${file}: no test “${lost[0] ?? ''}” was run.`);
  const skipped = [...all].filter(({ outcome }) => outcome === 'skipped');
  if (skipped.length > 0) return part('absent', `${file}: skipped “${skipped[0]?.name ?? ''}”.`);
  return part('good', `${all.size} test(s) of ${file} passed.`);
}

/** The ids that a test's name carries: `ISO-10, ISO-11: …`. */
function idsIn(name: string): readonly string[] {
  return name.match(/\b[A-Z]{2,3}-\d{2}\b/g) ?? [];
}

/** Whatever the list says: no test that carries the control's id may have failed or been skipped. */
function carriedPart(control: string, state: ReportState): Part[] {
  if (!state.fits) return [];
  const at = state.report.finishedAt;
  const own = state.report.tests.filter(({ name }) => idsIn(name).includes(control));
  const part = (found: Part['state'], says: string): Part[] => [
    { kind: 'test', state: found, says, at },
  ];
  if (own.length === 0) return part('absent', `No test carries the id ${control}.`);
  const failed = own.find(({ outcome }) => outcome === 'failed');
  if (failed) return part('bad', `${failed.file}: failed “${failed.name}”.`);
  const skipped = own.find(({ outcome }) => outcome === 'skipped');
  return skipped ? part('absent', `${skipped.file}: skipped “${skipped.name}”.`) : [];
}

function unreadPart(kind: ControlKind, { reason }: { reason: string }): Part {
  return { kind, state: 'absent', says: `Unknown by tests: ${reason}.`, at: null, unread: true };
}

function gatePart(name: string, state: ReportState): Part {
  if (!state.fits) return unreadPart('build', state);
  const at = state.report.finishedAt;
  const gate = state.report.gates.find((each) => each.name === name);
  if (gate?.outcome === 'passed')
    return { kind: 'build', state: 'good', says: `The gate ${name} passed.`, at };
  const bad = gate?.outcome === 'failed';
  const says = `The gate ${name} ${bad ? 'failed' : 'was not run'}.`;
  return { kind: 'build', state: bad ? 'bad' : 'absent', says, at };
}

function pagePart(page: string, state: ReportState): Part {
  if (!state.fits) return unreadPart('doc', state);
  const there = state.report.pages.includes(page);
  const says = there ? `The page ${page} is part of this version.` : `The page ${page} is missing.`;
  return { kind: 'doc', state: there ? 'good' : 'absent', says, at: state.report.finishedAt };
}

/** One line without control characters: what is signed reads the same in every tool. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 2000);
}
