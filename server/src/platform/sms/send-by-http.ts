import http from 'node:http';
import https from 'node:https';
import type { Sms } from './create-sms-gateway.ts';
import { SmsRefused } from './sms-refused.ts';

type Gateway = { url: URL; ca: Buffer | undefined; token: string | undefined };

const WAIT_MS = 15_000;
/** Too many, or too early, or not in time: another try may be taken. */
const PASSING = new Set([408, 425, 429]);

/** Posts `{ "to", "text" }`. Any 2xx is a yes; a redirect is followed nowhere. */
export function sendByHttp({ to, text }: Sms, { url, ca, token }: Gateway): Promise<void> {
  const body = JSON.stringify({ to, text });
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((done, fail) => {
    const options = { method: 'POST', headers, signal: AbortSignal.timeout(WAIT_MS) };
    const onAnswer = (answer: http.IncomingMessage): void => {
      answer.resume();
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) done();
      else if (status >= 300 && status < 500 && !PASSING.has(status))
        fail(new SmsRefused(`the gateway answered ${status}`));
      else fail(new Error(`the gateway answered ${status}`));
    };
    const request =
      url.protocol === 'http:'
        ? http.request(url, options, onAnswer)
        : https.request(
            url,
            { ...options, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) },
            onAnswer,
          );
    request.on('error', fail);
    request.end(body);
  });
}
