import { setTimeout as sleep } from 'node:timers/promises';
import { timeStep, totpCode } from '../../installer/src/egress/totp-code.ts';
import type { Answer, TestServer } from './test-server.ts';

/** An authenticator app: it gives each of its codes once, and waits for the next where it must. */
export type Authenticator = {
  readonly id: string;
  readonly secret: string;
  code(): Promise<string>;
};

type Begun = { id: string; secret: string };

/** Sets up an authenticator app for whoever has the token, through the real routes. */
export async function enrol(
  { ask }: Pick<TestServer, 'ask'>,
  token: string,
  name = 'Phone',
): Promise<Authenticator & { recoveryCodes: string[] | null }> {
  const begun = await ask('POST', '/api/me/factors/totp', { token, json: { name } });
  if (begun.status !== 201) throw new Error(`no key: ${begun.status} ${begun.text}`);
  const { id, secret } = begun.json<Begun>();
  const app = authenticator({ id, secret });
  const confirmed = await ask('POST', `/api/me/factors/totp/${id}/confirm`, {
    token,
    json: { code: await app.code() },
  });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${confirmed.text}`);
  const { recoveryCodes } = confirmed.json<{ recoveryCodes: string[] | null }>();
  return { ...app, recoveryCodes };
}

/** Three codes need not be waited for: those of the step before (but for its last seconds), of now, and of the next. */
export function authenticator({ id, secret }: Begun): Authenticator {
  let last = 0;
  return {
    id,
    secret,
    code: async () => {
      const leftMs = 30_000 - (Date.now() % 30_000);
      const step = Math.max(timeStep() - (leftMs > 10_000 ? 1 : 0), last + 1);
      if (step > timeStep() + 1) await sleep((step - 1) * 30_000 - Date.now() + 200);
      last = step;
      return totpCode(secret, step);
    },
  };
}

export type Asked = {
  challenge: string;
  methods: string[];
  passkey: Record<string, unknown> | null;
};

/** The challenge that a right password gives somebody who has a factor. */
export async function askedFor(
  { ask }: Pick<TestServer, 'ask'>,
  person: { email: string; password: string },
  from?: string,
): Promise<Asked> {
  const answer = await ask('POST', '/api/session', { json: person, ...(from ? { from } : {}) });
  if (answer.status !== 201) throw new Error(`no challenge: ${answer.status} ${answer.text}`);
  return answer.json<Asked>();
}

export function answerWith(
  { ask }: Pick<TestServer, 'ask'>,
  challenge: string,
  answer: Record<string, unknown>,
  from?: string,
): Promise<Answer> {
  return ask('POST', '/api/session/factor', {
    json: { challenge, answer },
    ...(from ? { from } : {}),
  });
}
