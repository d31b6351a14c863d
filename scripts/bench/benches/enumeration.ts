import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { addresses, askFrom, type Answer } from '../ask-from.ts';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench, type Figure } from '../figure.ts';
import { emailOf, insertPeople } from '../insert-people.ts';

const SAMPLES = 300;
/** Each of them is asked for three times, which no limit of an account minds. */
const OF_EACH = SAMPLES / 3;
/** In use; nobody; closed; in use by single sign-on alone; asked in, and never verified. */
const KINDS = ['active', 'unknown', 'deactivated', 'passwordless', 'invited'] as const;
const WRONG = 'Wrong-guess-2026';

type Ask = (from: string, email: string) => Promise<Answer>;
type Path = { name: string; kinds: readonly string[]; ask: Ask; status: number };

/** What a stranger can learn of who has an account, from how long an answer takes. */
export const enumeration: Bench = {
  name: 'enumeration',
  title: 'accounts known, unknown, locked or gone: difference of the medians of 300 answers each',
  run: async ({ report }) => {
    const relay = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => void stream.on('end', () => done()).resume(),
    });
    relay.listen(0, '127.0.0.1');
    await once(relay.server, 'listening');
    const appliance = await installAppliance(report);
    try {
      const { port } = relay.server.address() as AddressInfo;
      const mail = ['--relay', `localhost:${port}`, '--to', 'x@example.org', '--security', 'none'];
      appliance.casemate('monitoring', 'mail', ...mail);
      await prepare(appliance);
      const figures: Figure[] = [];
      for (const path of pathsOf(appliance)) {
        report(`${path.name}: ${path.kinds.join(', ')}`);
        figures.push(await measure(path, report));
      }
      return {
        figures,
        deviations: [
          'the accounts were made in the database; each answer is asked for from an address of its own',
          'the budget of invitations of an hour was emptied again and again',
        ],
      };
    } finally {
      relay.close(() => undefined);
      appliance.remove();
    }
  },
};

function prepare(appliance: BenchAppliance): Promise<void> {
  return insertPeople(appliance, [
    { kind: 'active', count: OF_EACH },
    { kind: 'deactivated', count: OF_EACH, state: 'deactivated' },
    { kind: 'passwordless', count: OF_EACH, withoutPassword: true },
    { kind: 'invited', count: OF_EACH, state: 'invited', withoutPassword: true },
    { kind: 'locked', count: 1 },
    { kind: 'elsewhere', count: SAMPLES },
  ]);
}

function pathsOf(appliance: BenchAppliance): Path[] {
  const post = (path: string, from: string, json: object): Promise<Answer> =>
    askFrom(appliance, { path, json, from });
  const signIn: Ask = (from, email) => post('/api/session', from, { email, password: WRONG });
  // Locked is an address for an e-mail: the fifth wrong guess was its own.
  const locked = ['127.251.1.1', '127.251.1.2'] as const;
  const guessLocked: Ask = (_from, email) =>
    signIn(email.startsWith('locked') ? locked[0] : locked[1], email);
  const invitations = `/api/tenants/${appliance.tenantId}/invitations`;
  let invited = 0;
  const invite: Ask = async (from, email) => {
    if (invited++ % 100 === 0) await emptyBudgets(appliance);
    const headers = { authorization: `Bearer ${appliance.adminToken}` };
    return askFrom(appliance, {
      path: invitations,
      json: { email, role: 'member' },
      headers,
      from,
    });
  };
  return [
    {
      name: 'sign-in',
      kinds: KINDS,
      ask: signIn,
      status: 401,
    },
    { name: 'locked', kinds: ['locked', 'nobody'], ask: guessLocked, status: 429 },
    {
      name: 'reset',
      kinds: KINDS,
      ask: (from, email) => post('/api/password/forgotten', from, { email }),
      status: 202,
    },
    { name: 'invitation', kinds: ['elsewhere', 'nowhere'], ask: invite, status: 201 },
  ];
}

async function measure(
  { name, kinds, ask, status }: Path,
  report: (text: string) => void,
): Promise<Figure> {
  const from = addresses();
  const few = name === 'locked' ? 1 : name === 'invitation' ? SAMPLES : OF_EACH;
  if (name === 'locked')
    for (const kind of kinds)
      for (let tries = 0; tries < 5; tries += 1) await ask('', emailOf(kind, 0));
  const samples = new Map<string, number[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < SAMPLES; round += 1)
    // Each round begins with another kind, so that none always comes first.
    for (let at = 0; at < kinds.length; at += 1) {
      const kind = kinds[(at + round) % kinds.length] ?? '';
      const answer = await ask(from.next().value, emailOf(kind, round % few));
      if (answer.status !== status)
        throw new Error(`${name} of ${kind}: ${String(answer.status)} ${answer.text}`);
      samples.get(kind)?.push(answer.ms);
    }
  const medians = [...samples].map(([kind, all]) => ({ kind, median: percentile(all, 0.5) }));
  for (const { kind, median } of medians) report(`${name} of ${kind}: ${rounded(median)} ms`);
  const values = medians.map(({ median }) => median);
  return {
    id: `enumeration.${name}`,
    value: rounded(Math.max(...values) - Math.min(...values)),
    unit: 'ms',
    target: 5,
    better: 'lower',
    reference: rounded(Math.min(...values)),
  };
}

async function emptyBudgets(appliance: BenchAppliance): Promise<void> {
  const client = await appliance.superuser();
  await client.query(`delete from control.rate_counters where budget = 'invitation'`);
  await client.end();
}
