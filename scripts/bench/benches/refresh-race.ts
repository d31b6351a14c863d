import type { Client } from 'pg';
import { addresses, askFrom, type Answer } from '../ask-from.ts';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import type { Bench } from '../figure.ts';
import { BENCH_PASSWORD, emailOf, insertPeople } from '../insert-people.ts';

const ROUNDS = 1_000;
const PARALLEL = 8;
/** After each so many rounds all that was handed out is used: of these one is good, at most. */
const THEFT_EVERY = 20;
const COOKIE = '__Secure-casemate-refresh';

/** Whether of a refresh token that is used many times at once more than one successor is good. */
export const refreshRace: Bench = {
  name: 'refresh-race',
  title: '1,000 rounds of parallel uses of one refresh token: rounds with a second winner',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    const client = await appliance.superuser();
    try {
      await insertPeople(appliance, [{ kind: 'race', count: ROUNDS / THEFT_EVERY }]);
      const counted = await race(appliance, client, report);
      const figure = { unit: 'rounds', better: 'lower' as const, target: 0, reference: null };
      return {
        figures: [
          { ...figure, id: 'refresh-race', value: counted.second },
          { ...figure, id: 'refresh-race.none', value: counted.none },
          { ...figure, id: 'refresh-race.survived', value: counted.survived },
        ],
        deviations: [
          `${ROUNDS} rounds of ${PARALLEL} uses, each from an address of its own; the accounts were made in the database`,
          'a round begins with the answer to one more use of the token of before, as a browser tries again',
        ],
      };
    } finally {
      await client.end();
      appliance.remove();
    }
  },
};

type Counted = { second: number; none: number; survived: number };

async function race(
  appliance: BenchAppliance,
  client: Client,
  report: (text: string) => void,
): Promise<Counted> {
  const counted: Counted = { second: 0, none: 0, survived: 0 };
  const from = addresses();
  const use = (token: string): Promise<Answer> =>
    askFrom(appliance, {
      path: '/api/session/refresh',
      headers: { cookie: `${COOKIE}=${token}`, origin: `https://localhost:${appliance.port}` },
      from: from.next().value,
    });
  const useAll = (tokens: readonly string[]): Promise<Answer[]> => Promise.all(tokens.map(use));
  let email = '';
  let token = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % THEFT_EVERY === 0) {
      email = emailOf('race', round / THEFT_EVERY);
      const json = { email, password: BENCH_PASSWORD };
      token = tokenOf(
        await askFrom(appliance, { path: '/api/session', json, from: from.next().value }),
      );
    }
    const answers = await useAll(Array.from({ length: PARALLEL }, () => token));
    const handedOut = answers.map(tokenOf);
    const good = await countGood(client, email);
    if (good > 1) counted.second += 1;
    if (good < 1) counted.none += 1;
    if (round % THEFT_EVERY < THEFT_EVERY - 1) {
      token = tokenOf(await use(token));
      continue;
    }
    const winners = (await useAll(handedOut)).filter(({ status }) => status === 200);
    if (winners.length > 1) counted.second += 1;
    // One of those who hold tokens of this session is a thief: nothing of the account is left.
    if ((await countGood(client, email)) > 0) counted.survived += 1;
    if (round % 100 === 99) report(`${round + 1} rounds: ${JSON.stringify(counted)}`);
  }
  return counted;
}

/** Refresh tokens of the account that would open something now. */
async function countGood(client: Client, email: string): Promise<number> {
  const { rows } = await client.query<{ good: number }>(
    `select count(*)::int as good from control.refresh_tokens token
     join control.sessions session on session.id = token.session_id
     join control.accounts account on account.id = session.account_id
     where account.email = $1 and session.ended_at is null
       and token.used_at is null and token.revoked_at is null`,
    [email],
  );
  return rows[0]?.good ?? 0;
}

function tokenOf({ status, text, cookies }: Answer): string {
  const [, token] =
    cookies.map((line) => /^__Secure-casemate-refresh=([^;]+)/.exec(line)).find(Boolean) ?? [];
  if (token === undefined) throw new Error(`no refresh token: ${String(status)} ${text}`);
  return token;
}
