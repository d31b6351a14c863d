import { randomBytes } from 'node:crypto';
import https from 'node:https';
import { enrolApp } from '../../installer/src/egress/second-factor.ts';

type Address = { host: string; port: number; ca: string; hostName: string };
type Credentials = { email: string; password: string };
export type SignedUp = Credentials & { accessToken: string };

/**
 * Spends a set-up link, as the page behind it would, and sets up a second factor: the administrator, signed in.
 */
export async function signUp({
  token,
  ...address
}: Address & { token: string | undefined }): Promise<SignedUp> {
  const email = `operator-${randomBytes(4).toString('hex')}@example.test`;
  const password = 'The seventh stone under the hill';
  const body = { token, name: 'Olga Operator', email, password };
  const { status, text } = await send(address, '/api/setup', body);
  if (status !== 201) throw new Error(`${status}: ${text}`);
  const session = JSON.parse(text) as { accessToken: string };
  await enrolApp(async <T>(path: string, json: object, by?: string) => {
    const answer = await send(address, path, json, by);
    if ((answer.status ?? 500) >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }, session.accessToken);
  return { email, password, ...session };
}

/** The right password: a question for the second factor; gives the status of the answer. */
export async function signIn(address: Address, { email, password }: Credentials): Promise<string> {
  const answer = await send(address, '/api/session', { email, password }).catch(
    (error: unknown) => ({ status: (error as NodeJS.ErrnoException).code ?? String(error) }),
  );
  return String(answer.status);
}

// eslint-disable-next-line max-params -- a request has these four parts
function send(
  { host, port, ca, hostName }: Address,
  path: string,
  words: object,
  by?: string,
): Promise<{ status: number | undefined; text: string }> {
  const body = JSON.stringify(words);
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        ...{ host, port, ca, servername: hostName, method: 'POST', path, timeout: 30_000 },
        agent: false,
        headers: {
          host: hostName,
          origin: `https://${hostName}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(by === undefined ? {} : { authorization: `Bearer ${by}` }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
    request.on('error', reject);
    request.end(body);
  });
}
