import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signInWithCode } from '../../../installer/src/egress/second-factor.ts';
import { askSupervisor } from '../../../installer/src/supervisor/control.ts';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { ask } from '../faults/ask.ts';
import { listParts, type Part } from '../faults/list-parts.ts';
import { readBack } from '../faults/read-back.ts';
import { Writing, type Writer } from '../faults/writers.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { randomFrom } from '../made-up-text.ts';
import { makeTenantsWithPeople, PASSWORD } from '../make-tenants.ts';

const PEOPLE = 4;
/** Of `installAppliance`. */
const ADMIN = 'bench@example.invalid';
/** Then something is broken for good, and the bench fails. */
const PATIENCE_MS = 180_000;
/** Before the 15 minutes of a token are over. */
const ADMIN_MS = 8 * 60_000;
/** Slower than this, a round says what it waited for. */
const SLOW_S = 5;

type Round = { kind: string; seconds: number };

/** kill -9 of one part after another while people write; then all that was acknowledged is read back. */
export const faults: Bench = {
  name: 'faults',
  title: 'kill -9 of any part under load, --rounds of it: acknowledged writes lost, ready again',
  run: async ({ report, rounds }) => {
    const seed = Date.now() % 1_000_000;
    const appliance = await installAppliance(report);
    try {
      const people = await makeTenantsWithPeople(appliance, 1, PEOPLE);
      const { tenantId, adminToken: token } = appliance;
      const admin = { tenantId, token, email: ADMIN };
      let shownAt = Date.now();
      const keepAdmin = async () => {
        if (Date.now() - shownAt < ADMIN_MS) return;
        await renewAdmin(appliance, admin);
        shownAt = Date.now();
      };
      const writing = new Writing(appliance, people, admin);
      await pause(5000);
      const done = await killInTurn(appliance, { rounds, people, keepAdmin, seed, report });
      await writing.stop();
      for (const one of people) await renew(appliance, one);
      await renewAdmin(appliance, admin);
      report(`reading ${writing.acknowledged.length} acknowledged writes back`);
      const lost = await readBack(appliance, writing.acknowledged);
      for (const text of lost) report(`LOST: ${text}`);
      refuseDoubles(await partsOf(appliance));
      const seconds = done.map((round) => round.seconds);
      const killed = Map.groupBy(done, ({ kind }) => kind);
      const byKind = [...killed]
        .map(([kind, all]) => {
          const worst = Math.max(...all.map((round) => round.seconds));
          return `${kind} ${all.length} × (at most ${rounded(worst, 1)} s)`;
        })
        .sort();
      const figure = { better: 'lower' as const, reference: null };
      return {
        figures: [
          { ...figure, id: 'faults.lost', value: lost.length, unit: 'writes', target: 0 },
          {
            ...{ ...figure, id: 'faults.ready', unit: 's', target: 45 },
            value: rounded(Math.max(...seconds), 1),
          },
          {
            ...{ ...figure, id: 'faults.ready.median', unit: 's', target: 45 },
            value: rounded(percentile(seconds, 0.5), 1),
          },
        ],
        deviations: [
          `${done.length} rounds, seed ${seed}: ${byKind.join(', ')}`,
          `${writing.acknowledged.length} conversations, documents and tenants were acknowledged, ${writing.refused} requests refused or cut`,
          'ready means: every part is, a sign-in succeeds, a conversation is opened, and a search answers',
          'a killed supervisor is started by `casemate up` at once, as systemd would start its units',
          'it kills processes; what a power cut does to a disk is not shown',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

type Killing = {
  rounds: number;
  people: readonly Writer[];
  keepAdmin: () => Promise<void>;
  seed: number;
  report: (text: string) => void;
};

async function killInTurn(appliance: BenchAppliance, killing: Killing): Promise<Round[]> {
  const { rounds, people, keepAdmin, seed, report } = killing;
  const random = randomFrom(seed);
  const done: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await pause(500 + random() * 2000);
    const victim = choose(await partsOf(appliance), random);
    const began = performance.now();
    process.kill(victim.pid, 'SIGKILL');
    if (victim.kind === 'supervisor') {
      // Whoever asks meanwhile must not find the dead one's socket still answering.
      await pause(50);
      appliance.casemate('up');
    }
    const who = people[round % people.length];
    if (!who) throw new Error('nobody is there to see whether it works');
    const spent = await untilWorking(appliance, victim, who);
    const seconds = (performance.now() - began) / 1000;
    await keepAdmin();
    done.push({ kind: victim.kind, seconds });
    const why = seconds < SLOW_S ? '' : `: ${spent}`;
    report(
      `${round + 1}/${rounds} ${victim.kind}: works again after ${rounded(seconds, 1)} s${why}`,
    );
  }
  return done;
}

/** Every kind has the same chance, however many processes are of it. */
function choose(parts: readonly Part[], random: () => number): Part {
  const kinds = [...new Set(parts.map(({ kind }) => kind))].sort();
  const kind = kinds[Math.floor(random() * kinds.length)];
  const fitting = parts.filter((part) => part.kind === kind);
  const victim = fitting[Math.floor(random() * fitting.length)];
  if (!victim) throw new Error('the instance has no processes');
  return victim;
}

async function partsOf(appliance: BenchAppliance): Promise<Part[]> {
  const reply = await askSupervisor(controlSocket(appliance), { do: 'status' });
  if (!reply?.ok) throw new Error('the supervisor does not answer');
  return listParts(reply.pid);
}

const controlSocket = ({ dir }: BenchAppliance): string => join(dir, 'run/supervisor/control.sock');

/** What did not work meanwhile, each with its seconds. */
async function untilWorking(appliance: BenchAppliance, victim: Part, who: Writer): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  const spent = new Map<string, number>();
  for (;;) {
    const began = performance.now();
    const fault = await findFault(appliance, victim, who).catch((error: unknown) => String(error));
    const all = () =>
      [...spent].map(([what, ms]) => `${rounded(ms / 1000, 1)} s ${what}`).join(', ');
    if (fault === null) return all();
    await pause(100);
    spent.set(fault, (spent.get(fault) ?? 0) + performance.now() - began);
    if (performance.now() > deadline)
      throw new Error(`${victim.kind} was killed, and it does not work again: ${all()}`);
  }
}

/** What does not work yet; null when all does. */
async function findFault(
  appliance: BenchAppliance,
  { pid }: Part,
  who: Writer,
): Promise<string | null> {
  const reply = await askSupervisor(controlSocket(appliance), { do: 'status' });
  if (!reply?.ok) return 'the supervisor does not answer';
  const waiting = reply.components.filter((part) => !part.ready || part.pid === pid);
  if (waiting.length > 0) return `waiting for ${waiting.map(({ id }) => id).join(', ')}`;
  const timeoutMs = 5000;
  const ready = await ask(appliance, ['GET', '/health/ready'], { timeoutMs });
  if (ready.status !== 200) return `readiness says ${ready.status}`;
  await renew(appliance, who);
  const tenant = `/api/tenants/${who.tenantId}`;
  const tries: [string, string, object][] = [
    ['POST', `${tenant}/conversations`, { json: {} }],
    ['GET', `${tenant}/search?limit=1&q=gate`, {}],
  ];
  for (const [method, path, wish] of tries) {
    const { status } = await ask(appliance, [method, path], {
      ...{ token: who.token, timeoutMs },
      ...wish,
    });
    if (status >= 300 && status !== 429) return `${method} ${path} answered ${status}`;
  }
  return null;
}

async function renew(appliance: BenchAppliance, who: Writer): Promise<void> {
  const json = { email: who.email, password: PASSWORD };
  const { status, text } = await ask(appliance, ['POST', '/api/session'], { json });
  if (status !== 201) throw new Error(`the sign-in answered ${status}`);
  who.token = (JSON.parse(text) as { accessToken: string }).accessToken;
}

/** An administrator shows a code of their app too; a server takes two of them in a minute. */
async function renewAdmin(appliance: BenchAppliance, admin: Writer): Promise<void> {
  const post = <T>(path: string, json: object): Promise<T> => appliance.api('POST', path, { json });
  const person = { email: admin.email, password: PASSWORD, secrets: [appliance.adminSecret] };
  admin.token = (await signInWithCode(post, person)).accessToken;
}

/** What a kill left behind must not go on working beside its successor. */
function refuseDoubles(parts: readonly Part[]): void {
  for (const kind of ['PostgreSQL', 'OpenBao', 'Ollama', 'server', 'provisioner', 'hash worker']) {
    const count = parts.filter((part) => part.kind === kind).length;
    if (count > 1) throw new Error(`${count} processes are the ${kind}`);
  }
}
