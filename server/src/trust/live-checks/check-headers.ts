import type { LiveCheck } from '../../platform/index.ts';
import { askServer, type Question } from './ask-server.ts';
import { headerFaults } from './header-faults.ts';

type Case = Question & { readonly what: string; readonly status: number };

const CASES: readonly Case[] = [
  { what: 'a page', path: '/', status: 200 },
  { what: 'a file', path: '/favicon.svg', status: 200 },
  { what: 'a file that is not there', path: '/assets/none.js', status: 404 },
  { what: 'a text', path: '/.well-known/security.txt', status: 200 },
  { what: 'a document of the API', path: '/.well-known/jwks.json', status: 200 },
  { what: 'nothing', path: '/api/none', status: 404 },
  { what: 'a refusal without session', path: '/api/me', status: 401 },
  {
    what: 'a refused body',
    path: '/api/tenants',
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    json: {},
    status: 415,
  },
  { what: 'a parameter that is none', path: '/api/setup/x', status: 400 },
];

/**
 * HDR-01: real requests over TLS, one for each kind of answer; each must have the status that says
 * it is of that kind, and every header. Streams have a check of their own.
 */
export const headersCheck: LiveCheck = {
  control: 'HDR-01',
  examines: 'The headers of pages, files, texts, documents, refusals, errors and the redirect.',
  run: async ({ platform: { config } }) => {
    const faults: string[] = [];
    for (const { what, status, ...question } of CASES) {
      const answer = await askServer(config, question);
      if (answer.status !== status) faults.push(`${what} answers ${answer.status}, not ${status}`);
      faults.push(...headerFaults(answer.headers).map((fault) => `${what} lacks ${fault}`));
    }
    if (config.CASEMATE_HTTP_PORT !== 0) {
      const { headers } = await askServer(config, { path: '/', plain: true });
      faults.push(...headerFaults(headers).map((fault) => `the redirect lacks ${fault}`));
    }
    if (faults.length > 0) return { status: 'fail', evidence: `${faults.slice(0, 8).join('; ')}.` };
    const redirect = config.CASEMATE_HTTP_PORT === 0 ? '' : ' and the redirect';
    const kinds = CASES.map(({ what }) => what).join(', ');
    return { status: 'pass', evidence: `Every header is on ${kinds}${redirect}.` };
  },
};
