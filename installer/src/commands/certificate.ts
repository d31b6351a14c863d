import { changeHostName } from '../certificates/verbs/change-host-name.ts';
import { importFiles } from '../certificates/verbs/import-files.ts';
import { renew } from '../certificates/verbs/renew.ts';
import { show } from '../certificates/verbs/show.ts';
import type { Verb } from '../certificates/verbs/verb.ts';
import { writeRequest } from '../certificates/verbs/write-request.ts';
import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import type { Command } from './command.ts';

const verbs = new Map<string, Verb>([
  ['show', show],
  ['renew', renew],
  ['request', writeRequest],
  ['import', importFiles],
  ['host-name', changeHostName],
]);

export const certificate: Command = {
  name: 'certificate',
  summary: 'show, renew, request or import the certificate; change the host name',
  description: [
    'show              what is in use, and the authority that browsers must trust',
    'renew [--own]     make a new one when it is time; --own: now, and in place of an imported one',
    'request --out F   write a signing request for your own authority; its key stays here',
    'import --cert F --chain F [--key F]   take a certificate into use after checking it',
    'host-name NAME    change the name that people type',
  ].join('\n'),
  words: { value: 'show|renew|request|import|host-name', most: 2 },
  flags: {
    out: { type: 'string', value: 'FILE', help: 'request: where to write it' },
    cert: { type: 'string', value: 'FILE', help: 'import: the certificate, PEM' },
    chain: { type: 'string', value: 'FILE', help: 'import: the certificates of its issuers, PEM' },
    key: { type: 'string', value: 'FILE', help: 'import: its key, unless it was requested here' },
    own: { type: 'boolean', help: "renew: by the appliance's own authority, now" },
  },
  run: async (call) => {
    const verb = verbs.get(call.words[0] ?? 'show');
    if (!verb) {
      throw new Fault(`casemate certificate does not know "${call.words[0] ?? ''}"`, {
        next: 'See `casemate certificate --help`.',
        code: 'usage',
      });
    }
    return verb({ call, settings: await getSettings(call.layout) });
  },
};
