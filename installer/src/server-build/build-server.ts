import { constants, existsSync } from 'node:fs';
import { access, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import { findNpm } from './find-npm.ts';

export type ServerBuild = {
  checkoutDir: string;
  /** Where the built server appears, complete or not at all. */
  target: string;
  node: string;
  /** Of the sources, noted in what is built: a test report must be of the same. */
  checksum: string;
  progress: (text: string) => void;
};

/**
 * Builds the server and the dashboard of a checkout and gathers what they need at run time. The
 * packages come through npm, with the checksums of package-lock.json; nothing else is fetched.
 */
export async function buildServer(build: ServerBuild): Promise<void> {
  const { checkoutDir, target, progress } = build;
  await refuseForeignCheckout(checkoutDir);
  const npm = await findNpm(build.node);
  if (!existsSync(path.join(checkoutDir, 'node_modules', '.package-lock.json'))) {
    progress('bringing the packages');
    await run(build, npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  for (const workspace of ['server', 'web']) {
    progress(`building the ${workspace}`);
    await run(build, npm, ['run', 'build', '--silent', '--workspace', workspace]);
  }
  progress('gathering the files');
  const unfinished = `${target}.${randomBytes(4).toString('hex')}.new`;
  try {
    await gather(build, unfinished);
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The bundles carry what they need; migrations are read, and the dashboard served, beside them. */
async function gather({ checkoutDir, checksum }: ServerBuild, target: string): Promise<void> {
  for (const folder of ['server/dist', 'server/migrations', 'server/package.json', 'web/dist']) {
    const to = path.join(target, folder);
    await mkdir(path.dirname(to), { recursive: true });
    await cp(path.join(checkoutDir, folder), to, { recursive: true });
  }
  // No time: the same sources give the same tree.
  const note = { sources: checksum };
  await writeFile(path.join(target, 'casemate-server.json'), `${JSON.stringify(note)}\n`);
}

async function run(build: ServerBuild, npm: readonly string[], args: string[]): Promise<void> {
  const [program = 'npm', ...before] = npm;
  const { code, stdout, stderr } = await runProgram(program, [...before, ...args], {
    cwd: build.checkoutDir,
    inherit: true,
    // The scripts of the workspaces call `node`: ours.
    env: {
      PATH: `${path.dirname(build.node)}:${plainEnv.PATH}`,
      npm_config_update_notifier: 'false',
    },
    timeoutMs: 1_200_000,
  });
  if (code === 0) return;
  throw new Fault(`npm ${args[0] ?? ''} ${args[1] ?? ''} failed`, {
    why: endOf(`${stdout}\n${stderr}`),
    next: 'Mend what it says and run the command again; it goes on from here.',
  });
}

/** The build writes to server/dist and web/dist. */
async function refuseForeignCheckout(checkoutDir: string): Promise<void> {
  const places = ['server', 'web'].map((workspace) => path.join(checkoutDir, workspace));
  for (const place of places) {
    await access(place, constants.W_OK).catch((cause: unknown) => {
      throw new Fault('The server cannot be built in this checkout', {
        why: `This account may not write to ${place}.`,
        next: 'Run the command from a checkout of your own, or with --bundle DIR.',
        code: 'permission',
        cause,
      });
    });
  }
}

/** What a tool said was wrong, if it says so in the usual way; else its last words. */
function endOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors.slice(0, 8) : lines.slice(-8)).join('\n        ');
}
