/**
 * The main path of a person in Chromium on an installation that others have started:
 * `CASEMATE_CA_FILE=… node walk-installation.ts '{"address":…,"setupLink":…}'` prints what was seen.
 */
import { randomBytes } from 'node:crypto';
import { mouse } from './hand.ts';
import { openBrowser } from './open-browser.ts';
import { ask, followSetupLink, goTo, makeTenant, upload } from './walk.ts';
import { watchPage } from './watch-page.ts';

interface Installation {
  address: string;
  setupLink: string;
  /** IP address that the name leads to, where no resolver knows it. */
  at?: string;
}

interface Walked {
  token: string;
  answer: string;
  other: string | null;
  faults: string[];
}

/** Sign up by the link, make a tenant, upload, ask, and ask what the document does not say. */
async function walkInstallation(installation: Installation): Promise<Walked> {
  const { address, setupLink, at } = installation;
  const token = `N-${randomBytes(4).toString('hex').toUpperCase()}`;
  const browser = await openBrowser(address, at);
  try {
    const page = await browser.newPage();
    const faults = await watchPage(page, address);
    const walk = { page, hand: mouse(), address };
    await followSetupLink(walk, setupLink, {
      name: 'First Administrator',
      email: `first-${token.toLowerCase()}@example.test`,
      password: 'The vault under the hill 7',
    });
    await makeTenant(walk, `Walk ${token}`);
    const text = `# North gate\n\n## Access\n\nThe access code of the north gate is ${token}. The porter changes it every spring.\n`;
    await upload(walk, { name: 'north-gate.md', text });
    await goTo(walk, 'New question');
    const answer = await ask(walk, 'What is the access code of the north gate?');
    const other = await ask(walk, 'Who won the ski race at Holmenkollen in 1994?');
    return {
      token,
      answer: await answer.innerText(),
      other: await other.locator('[data-verdict]').getAttribute('data-verdict'),
      faults: [...faults].map(String),
    };
  } finally {
    await browser.close();
  }
}

const installation = JSON.parse(process.argv[2] ?? '{}') as Installation;
process.stdout.write(`${JSON.stringify(await walkInstallation(installation))}\n`);
