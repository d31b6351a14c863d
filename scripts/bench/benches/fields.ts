import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTenantKeys, tenantKeyPlace } from '../../../server/src/crypto/index.ts';
import { createLocalKeys, type FieldEncryptor } from '../../../server/src/platform/index.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

const TENANT = '00000000-0000-4000-8000-000000000001';
const FIELDS = 20_000;
const ROUNDS = 7;

/** Encrypt and decrypt fields of 1 kB in one thread, associated data and encoding included. */
export const fields: Bench = {
  name: 'fields',
  title: 'encrypt and decrypt 1 kB fields with associated data and encoding, key cached',
  run: async () => {
    const fieldsOf = await openFields();
    const rows = Array.from({ length: FIELDS }, (_none, at) => ({
      place: { table: 'messages', row: `01a20324-42a8-70ec-96d2-${at}`, field: 'content' },
      text: randomBytes(500).toString('hex'),
    }));
    const encrypt: number[] = [];
    const decrypt: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = cpuMs();
      const sealed = rows.map(({ place, text }) => fieldsOf.encrypt(place, text));
      const between = cpuMs();
      const opened = rows.filter(
        ({ place, text }, at) => fieldsOf.decrypt(place, sealed[at] ?? '') === text,
      );
      const ended = cpuMs();
      if (opened.length !== FIELDS) throw new Error('a field did not come back as it was');
      // The first round warms the compiler.
      if (round === 0) continue;
      encrypt.push((FIELDS * 1000) / (between - started));
      decrypt.push((FIELDS * 1000) / (ended - between));
    }
    const figure = { unit: '/s', target: 60_000, better: 'higher' as const, reference: null };
    return {
      figures: [
        { ...figure, id: 'fields.encrypt', value: rounded(percentile(encrypt, 0.5), 0) },
        { ...figure, id: 'fields.decrypt', value: rounded(percentile(decrypt, 0.5), 0) },
      ],
      deviations: [
        'in one thread without server and database, by processor time; the median of six rounds',
      ],
    };
  },
};

/** Processor time of this process: what else the machine does costs none of it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The encryptor of the product over a local backend: the key is unwrapped once, as in a minute of work. */
async function openFields(): Promise<FieldEncryptor> {
  const directory = mkdtempSync('/tmp/cmb-');
  writeFileSync(join(directory, 'master'), randomBytes(32));
  const keys = createLocalKeys(directory);
  const place = tenantKeyPlace(TENANT);
  await keys.create(place.key);
  const wrapped = await keys.wrapNew(place);
  const opened = await createTenantKeys(keys, { seconds: 600, uses: 1e9 }).open({
    tenantId: TENANT,
    signal: new AbortController().signal,
    readTenant: (work) =>
      work({ query: () => Promise.resolve([{ version: 1, wrapped, state: 'current' }]) } as never),
  });
  rmSync(directory, { recursive: true });
  return opened;
}
