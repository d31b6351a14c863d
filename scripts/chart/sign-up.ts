import { randomBytes } from 'node:crypto';
import https from 'node:https';

type SignUp = {
  host: string;
  port: number;
  ca: string;
  hostName: string;
  token: string | undefined;
};

/** Spends a set-up link, as the page behind it would; gives the access token of the administrator. */
export function signUp({ host, port, ca, hostName, token }: SignUp): Promise<string> {
  const body = JSON.stringify({
    token,
    name: 'Olga Operator',
    email: `operator-${randomBytes(4).toString('hex')}@example.test`,
    password: 'The seventh stone under the hill',
  });
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        ...{ host, port, ca, servername: hostName, method: 'POST', path: '/api/setup' },
        headers: {
          host: hostName,
          origin: `https://${hostName}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          if (response.statusCode !== 201) reject(new Error(`${response.statusCode}: ${text}`));
          else resolve((JSON.parse(text) as { accessToken: string }).accessToken);
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
