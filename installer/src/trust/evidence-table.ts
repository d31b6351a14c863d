import type { Paint } from '../terminal/terminal.ts';
import type { ControlRow, SignedEvidence } from './verify-evidence.ts';

const marks = {
  fail: ['red', '✗'],
  pass: ['green', '✓'],
  not_applicable: ['gray', '○'],
  missing: ['yellow', '·'],
} as const;

const WIDTH = 96;

/** For people: what fails first, then family by family; missing ones only by number and reason. */
export function evidenceTable({ version, at, controls }: SignedEvidence, paint: Paint): string {
  const of = (status: ControlRow['status']) => controls.filter((row) => row.status === status);
  const [failing, missing] = [of('fail'), of('missing')];
  const sections = [
    section('Failing', failing, paint),
    section('Passing', of('pass'), paint),
    section('Not applicable here', of('not_applicable'), paint),
    section('Missing: not proven on this installation', missing, paint),
  ].filter((lines) => lines.length > 0);
  const counts = `${of('pass').length} pass, ${failing.length} fail, ${missing.length} missing, ${of('not_applicable').length} not applicable`;
  const verdict =
    failing.length > 0
      ? 'Something is to be mended'
      : 'Nothing that was examined fails; missing is not proven';
  return [
    ...sections.flatMap((lines) => [...lines, '']),
    `Casemate ${version}, ${at}: ${counts}.`,
    `${verdict}. No certification is claimed.`,
  ].join('\n');
}

function section(title: string, rows: readonly ControlRow[], paint: Paint): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ id, status, proof, evidence }) => {
    const [style, mark] = marks[status];
    return `${paint(style, mark)} ${id.padEnd(7)} ${proof.padEnd(12)} ${shorten(evidence, status)}`;
  });
  return [paint('bold', title), ...lines];
}

/** What fails is said in full. */
function shorten(text: string, status: ControlRow['status']): string {
  const room = WIDTH - 23;
  return status === 'fail' || text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
