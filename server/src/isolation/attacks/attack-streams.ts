import { newId } from '../../platform/index.ts';
import { askCanary, listMessages, stopCanary } from '../canaries/ask-canary.ts';
import { compareAnswers } from '../requests/compare-answers.ts';
import type { Sent } from '../requests/http-client.ts';
import type { World } from '../world.ts';
import { judge, type Attacker } from './attack-routes.ts';

type Place = { tenant: string; conversation: string; message: string };

const TWIN = 'the owner follows the answer while it is written';
const STOPS = 'the owner stops the answer';

/**
 * While an answer of B is being written: its stream, followed, resumed, stopped and answered again
 * by others with stolen ids, through B's address and their own.
 */
export async function attackStreams(world: World): Promise<void> {
  const { b, http, ledger } = world;
  const conversation = b.objects.get('talk') ?? '';
  const asked = await askCanary(http, b, conversation);
  const own: Place = { tenant: b.id, conversation, message: asked.id };
  await Promise.all(attackersOf(world).map((attacker) => attackAs(world, attacker, own)));
  const [running] = (await listMessages(http, b, conversation)).filter(({ id }) => id === asked.id);
  const followed = await http.send(
    { method: 'get', path: `${pathOf(own)}/events` },
    b.admin.accessToken,
  );
  const shown = followed.streams && followed.text.includes('event: ');
  ledger.twin('streams', TWIN, shown ? null : `its owner gets ${followed.status}`);
  const stopped = await http.send(
    { method: 'post', path: `${pathOf(own)}/stop` },
    b.admin.accessToken,
  );
  await stopCanary(http, b, conversation);
  const [ended] = (await listMessages(http, b, conversation)).filter(({ id }) => id === asked.id);
  if (running?.state === 'stopped')
    ledger.attempt(
      { kind: 'streams', name: 'stop with stolen ids', twin: STOPS },
      { what: 'the answer was stopped', effects: 1 },
    );
  const ends = stopped.status === 204 && ended?.state === 'stopped';
  ledger.twin(
    'streams',
    STOPS,
    ends ? null : `the answer ended as ${ended?.state ?? 'nothing'}, before anybody could stop it`,
  );
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
