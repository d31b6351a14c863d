import { readdirSync, readFileSync } from 'node:fs';

/** A process of the instance that can be killed, and what it is. */
export type Part = { kind: string; pid: number };

/** In the order in which they are looked at; the first that fits says what a process is. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['supervisor', /main\.ts up --foreground/],
  ['PostgreSQL', /\/postgres -D /],
  ['backend', /^postgres: casemate_/],
  ['helper of PostgreSQL', /^postgres: (?!postgres )/],
  ['OpenBao', /\/bao server/],
  ['bridge to the models', /model-bridge\.ts/],
  ['Ollama', /\/ollama serve/],
  ['runner of a model', /\/ollama runner/],
  ['provisioner', /main\.js provision/],
  ['server', /main\.js serve/],
  ['hash worker', /hash-worker/],
  ['parser', /parse-child/],
];

/** The supervisor and all that descends from it, as the kernel lists them. */
export function listParts(supervisor: number): Part[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? read(pid, 'stat') : '';
    // The name of the program, in brackets, may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined && state !== 'Z') parents.set(pid, Number(parent));
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === supervisor || belongs(parents.get(pid)));
  return [...parents.keys()].filter(belongs).flatMap((pid) => {
    const words = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
    const kind = kinds.find(([, pattern]) => pattern.test(words))?.[0];
    return kind === undefined ? [] : [{ kind, pid }];
  });
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
