import { createHash, X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { connect } from 'node:tls';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const opened = new Set<Browser>();

function findChromium(): string {
  const places = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = [
    process.env['CASEMATE_CHROMIUM'],
    ...names.flatMap((name) => places.map((place) => join(place, name))),
  ];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      continue;
    }
  }
  throw new Error('No Chromium is here: install it, or set CASEMATE_CHROMIUM to its program.');
}

/** Checks the server against the appliance's own authority, and gives the hash of its public key. */
function verifiedKey(address: URL, caFile: string, at?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = Number(address.port === '' ? 443 : address.port);
    const options = {
      host: at ?? address.hostname,
      port,
      ca: readFileSync(caFile),
      servername: address.hostname,
    };
    const socket = connect(options, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw);
      const key = publicKey.export({ type: 'spki', format: 'der' });
      socket.end();
      resolve(createHash('sha256').update(key).digest('base64'));
    });
    socket.on('error', reject);
  });
}

/**
 * Chromium, which trusts exactly the key that the appliance's authority has signed for `address`. With
 * `at` the name leads to that IP address, and no other name anywhere.
 */
export async function openBrowser(address: string, at?: string): Promise<Browser> {
  const url = new URL(address);
  const caFile = process.env['CASEMATE_CA_FILE'];
  const args = [...quiet];
  if (url.protocol === 'https:' && caFile !== undefined) {
    args.push(`--ignore-certificate-errors-spki-list=${await verifiedKey(url, caFile, at)}`);
  }
  if (at !== undefined)
    args.push(`--host-resolver-rules=MAP ${url.hostname} ${at}, MAP * ~NOTFOUND`);
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  opened.add(browser);
  browser.on('disconnected', () => opened.delete(browser));
  return browser;
}

/** Of a test that failed before it closed its own: one that stays open keeps the whole run open. */
export async function closeBrowsers(): Promise<void> {
  await Promise.all([...opened].map((browser) => browser.close()));
}
