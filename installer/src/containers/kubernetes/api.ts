import { readFileSync } from 'node:fs';
import https from 'node:https';
import { Fault } from '../../fault.ts';

const own = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Values in base64, as the cluster keeps them. */
export type SecretData = Record<string, string>;

export type SecretStore = {
  find(name: string): Promise<SecretData | null>;
  create(name: string, data: SecretData): Promise<void>;
  replace(name: string, data: SecretData): Promise<void>;
};

/** Secrets of one namespace, through the API of the cluster as the pod's own service account. */
export function openSecrets(namespace: string, labels: Record<string, string>): SecretStore {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  return {
    find: async (name) => {
      const { status, body } = await ask('GET', `${path}/${name}`);
      if (status === 404) return null;
      return (must(status, body, `read ${name}`) as { data?: SecretData }).data ?? {};
    },
    create: async (name, data) => {
      const metadata = { name, labels };
      const { status, body } = await ask('POST', path, {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'Opaque',
        metadata,
        data,
      });
      must(status, body, `make ${name}`);
    },
    replace: async (name, data) => {
      const { status, body } = await ask('PATCH', `${path}/${name}`, { data });
      must(status, body, `renew ${name}`);
    },
  };
}

function must(status: number, body: string, what: string): unknown {
  if (status < 300) return JSON.parse(body);
  const { message } = JSON.parse(body) as { message?: string };
  throw new Fault(`The cluster did not let us ${what}`, { why: `${status}: ${message ?? ''}` });
}

type Reply = { status: number; body: string };

function ask(method: string, path: string, body?: object): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: 'kubernetes.default.svc',
        path,
        method,
        ca: readFileSync(`${own}/ca.crt`),
        timeout: 15_000,
        headers: {
          authorization: `Bearer ${readFileSync(`${own}/token`, 'utf8').trim()}`,
          ...(text === undefined ? {} : { 'content-type': type }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('The cluster did not answer in time')));
    request.on('error', reject);
    request.end(text);
  });
}
