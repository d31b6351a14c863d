import { newId } from '../../platform/index.ts';
import { askCanary, listMessages, waitForAnswer } from '../canaries/ask-canary.ts';
import { compareAnswers } from '../requests/compare-answers.ts';
import type { Sent } from '../requests/http-client.ts';
import type { World } from '../world.ts';
import { judge, type Attacker } from './attack-routes.ts';

type Place = { tenant: string; conversation: string; message: string };

const TWIN = 'the owner follows the answer while it is written';
const STOPS = 'the owner stops the answer';

/** A quick model may end its answer before an attacker is done: then it is asked again. */
const TRIES = 6;

/**
 * While an answer of B is being written: its stream, followed, resumed, stopped and answered again
 * by others with stolen ids, through B's address and their own.
 */
export async function attackStreams(world: World): Promise<void> {
  const { http, ledger } = world;
  for (const attacker of attackersOf(world))
    await whileWriting(world, TWIN, (own) => attackAs(world, attacker, own));
  await whileWriting(world, TWIN, async (own) => {
    const path = `${pathOf(own)}/events`;
    const followed = await http.send({ method: 'get', path }, world.b.admin.accessToken);
    const shown = followed.streams && followed.text.includes('event: ');
    ledger.twin('streams', TWIN, shown ? null : `its owner gets ${followed.status}`);
  });
  await whileWriting(world, STOPS, async (own) => {
    await http.send({ method: 'post', path: `${pathOf(own)}/stop` }, world.b.admin.accessToken);
    const [ended] = await waitForAnswer(http, world.b, own.conversation, own.message);
    const stopped = ended?.state === 'stopped';
    ledger.twin('streams', STOPS, stopped ? null : `it ended as ${ended?.state ?? 'nothing'}`);
  });
}

/** Works on an answer that was being written before and is still being written after. */
async function whileWriting(
  world: World,
  twin: string,
  work: (own: Place) => Promise<void>,
): Promise<void> {
  const { b, http, ledger } = world;
  const conversation = b.objects.get('talk') ?? '';
  for (let tries = 1; ; tries += 1) {
    const [running] = (await listMessages(http, b, conversation)).filter(
      ({ state }) => state === 'streaming',
    );
    const asked = running ?? (await askCanary(http, b, conversation));
    await work({ tenant: b.id, conversation, message: asked.id });
    const [after] = (await listMessages(http, b, conversation)).filter(({ id }) => id === asked.id);
    if (after?.state === 'streaming' || twin === STOPS) return;
    if (after?.state === 'stopped')
      ledger.attempt(
        { kind: 'streams', name: 'stop with stolen ids', twin: STOPS },
        { what: 'the answer was stopped', effects: 1 },
      );
    if (after?.state === 'stopped') return;
    if (tries < TRIES) continue;
    ledger.twin('streams', twin, `the answer was ${after?.state ?? 'gone'} before the end`);
    return;
  }
}

const pathOf = ({ tenant, conversation, message }: Place): string =>
  `/api/tenants/${tenant}/conversations/${conversation}/messages/${message}`;

function attackersOf({ a, b, stranger, platform, bridge }: World): Attacker[] {
  return [
    { role: 'anonymous', person: null },
    { role: 'stranger', person: stranger },
    { role: 'member of A', person: a.member },
    { role: 'admin of A', person: a.admin },
    { role: 'platform', person: platform },
    { role: 'member of both', person: bridge },
    { role: 'colleague in B', person: b.member },
  ];
}

async function attackAs(world: World, attacker: Attacker, own: Place): Promise<void> {
  const { a, ledger, http } = world;
  const conversation = a.objects.get('conversation') ?? newId();
  const places: Record<string, Place> = {
    "B's address": own,
    "A's address": { ...own, tenant: a.id },
    "A's conversation": { ...own, tenant: a.id, conversation },
  };
  for (const [where, place] of Object.entries(places))
    for (const [what, requestOf] of Object.entries(requests)) {
      const never = { ...place, message: newId() };
      const stops = what.startsWith('stop') || what.startsWith('regenerate');
      const one = await http.send(requestOf(place), attacker.person?.accessToken);
      const other = await http.send(requestOf(never), attacker.person?.accessToken);
      const differs = compareAnswers(
        { answer: one, sent: [place.message] },
        { answer: other, sent: [never.message] },
      );
      ledger.attempt(
        {
          kind: 'streams',
          name: `${what} through ${where} as ${attacker.role}`,
          twin: stops ? STOPS : TWIN,
        },
        judge(world, one, {
          differs: one.streams ? 'a stream opened' : differs,
          sent: [own.message, own.conversation, own.tenant],
          platform: false,
        }),
      );
    }
}

const requests: Record<string, (place: Place) => Sent> = {
  follow: (place) => ({ method: 'get', path: `${pathOf(place)}/events` }),
  'resume by number': (place) => ({ method: 'get', path: `${pathOf(place)}/events?after=1` }),
  'resume by header': (place) => ({
    method: 'get',
    path: `${pathOf(place)}/events`,
    headers: { 'last-event-id': '1' },
  }),
  stop: (place) => ({ method: 'post', path: `${pathOf(place)}/stop` }),
  regenerate: (place) => ({ method: 'post', path: `${pathOf(place)}/regenerate` }),
};
